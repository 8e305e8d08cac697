//! How many pages may follow their chats at once: each holds a connection.

use crate::conversation::ContactId;
use crate::web::Error;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Streams that one visitor may have open: a few tabs on a few devices.
const MAX_STREAMS: usize = 5;
/// Streams that may be open from one address, since another visitor costs nothing there.
const MAX_FROM_ADDRESS: usize = 200;
/// Streams that may be open at once.
const MAX_OPEN: usize = 2_000;
/// How soon to come back when there are too many, in seconds.
const COME_BACK: u64 = 30;
/// The streams that are open.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    total: usize,
    /// By visitor and by address.
    by: HashMap<String, usize>,
}

impl Streams {
    /// Counts one more, unless there are too many.
    pub(super) fn enter(&self, contact: &ContactId, address: IpAddr) -> Result<Place, Error> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = [format!("visitor {contact}"), format!("address {address}")];
        for (key, most) in keys.iter().zip([MAX_STREAMS, MAX_FROM_ADDRESS]) {
            if open.by.get(key).is_some_and(|count| *count >= most) {
                return Err(Error::TooMany(COME_BACK));
            }
        }
        if open.total >= MAX_OPEN {
            return Err(Error::Busy(COME_BACK));
        }
        open.total += 1;
        for key in &keys {
            *open.by.entry(key.clone()).or_default() += 1;
        }
        Ok(Place { streams: self.clone(), keys })
    }
}

/// An open stream; it is counted until this is dropped.
pub(super) struct Place {
    streams: Streams,
    keys: [String; 2],
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        for key in &self.keys {
            if let Some(count) = open.by.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    open.by.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_FROM_ADDRESS, MAX_OPEN, MAX_STREAMS, Place, Streams};
    use crate::conversation::ContactId;
    use crate::web::Error;
    use std::net::{IpAddr, Ipv4Addr};

    fn enter(streams: &Streams, contact: usize, address: usize) -> Result<Place, u16> {
        let address = IpAddr::from(Ipv4Addr::from_bits(u32::try_from(address).expect("small")));
        let place = streams.enter(&ContactId::from(contact.to_string()), address);
        place.map_err(|error: Error| error.status().as_u16())
    }

    #[test]
    fn a_visitor_has_a_few_streams_and_gets_back_those_that_end() {
        let streams = Streams::default();
        let mut open: Vec<_> =
            (0..MAX_STREAMS).map(|n| enter(&streams, 1, n).expect("room")).collect();
        assert_eq!(enter(&streams, 1, 9).err(), Some(429));
        assert!(enter(&streams, 2, 9).is_ok());
        open.pop();
        assert!(enter(&streams, 1, 9).is_ok());
        open.clear();
        let empty = streams.0.lock().expect("nobody panicked");
        assert!(empty.by.is_empty() && empty.total == 0);
    }

    #[test]
    fn an_address_and_the_server_have_their_limits_too() {
        let streams = Streams::default();
        let mut open: Vec<_> =
            (0..MAX_FROM_ADDRESS).map(|n| enter(&streams, n, 0).expect("room")).collect();
        assert_eq!(enter(&streams, MAX_OPEN, 0).err(), Some(429));
        for n in MAX_FROM_ADDRESS..MAX_OPEN {
            open.push(enter(&streams, n, n).expect("room"));
        }
        assert_eq!(enter(&streams, MAX_OPEN, MAX_OPEN).err(), Some(503));
        open.pop();
        assert!(enter(&streams, MAX_OPEN, MAX_OPEN).is_ok());
    }
}
