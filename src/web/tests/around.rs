//! What surrounds every request, whatever serves it.

use super::{PROGRAM, house};
use crate::web::surround;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use tower::ServiceExt as _;

#[tokio::test]
async fn the_answer_to_a_panic_has_the_headers_of_any_other() {
    async fn broken() -> StatusCode {
        panic!("a handler that breaks")
    }
    for (over_https, https_only) in [(true, Some("max-age=31536000")), (false, None)] {
        let router = surround(Router::new().route("/healthz", get(broken)), over_https);
        let request = Request::get("/healthz").body(Body::empty()).expect("a request");
        let answer = router.oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        assert!(header("content-security-policy").is_some_and(|csp| csp.contains("'none'")));
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
        assert!(header("x-request-id").is_some());
        assert_eq!(header("strict-transport-security"), https_only);
    }
}

#[tokio::test]
async fn a_path_that_no_database_takes_is_refused() {
    let house = house(|_| {}).await;
    for path in [
        "/api/v1/inboxes/api/messages/a%00b",
        "/chat/web/attachments/%00",
        "/conversations/%00",
        "/nowhere/%0d%0a",
    ] {
        let refused = house.get(path, PROGRAM).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(refused.headers.contains_key("content-security-policy"));
    }
}

#[tokio::test]
async fn a_node_is_ready_when_its_index_holds_what_the_store_does() {
    let house = house(|_| {}).await;
    assert_eq!(house.get("/readyz", "").await.status, StatusCode::OK, "no knowledge is enough");
    house.desk.store.value_or("knowledge_revision", "7").await.expect("another node imports");
    let behind = house.get("/readyz", "").await;
    assert_eq!(behind.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(behind.headers["retry-after"], "1");
    house.desk.search.replace(&[], 7).expect("this node follows");
    assert_eq!(house.get("/readyz", "").await.status, StatusCode::OK);
}
