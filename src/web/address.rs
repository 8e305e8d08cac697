//! Where a request comes from, as far as that can be believed.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The network address that guesses are counted by: a whole IPv4 address, or the part of an IPv6
/// address that one customer of a provider has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address(pub(super) IpAddr);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self(network(
            peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| seen(peer, &parts.headers)),
        )))
    }
}

/// A proxy on this machine tells whom it serves; nobody else is believed.
fn seen(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let told = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    };
    if peer.to_canonical().is_loopback() { told().unwrap_or(peer) } else { peer }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        IpAddr::V4(address) => IpAddr::V4(address),
    }
}

#[cfg(test)]
mod tests {
    use super::{network, seen};
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        for (peer, forwarded, address) in [
            ("203.0.113.7", None, "203.0.113.7"),
            ("203.0.113.7", Some("198.51.100.1"), "203.0.113.7"),
            ("127.0.0.1", Some("10.0.0.1, 198.51.100.1"), "198.51.100.1"),
            ("127.0.0.1", Some("nonsense"), "127.0.0.1"),
            ("::1", Some("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::"),
            ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
            }
            let found = network(seen(peer.parse().unwrap(), &headers));
            assert_eq!(found.to_string(), address, "{peer} {forwarded:?}");
        }
    }
}
