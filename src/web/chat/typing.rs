//! That a visitor writes at this moment, for the agents who look on.

use super::visitor::Visitor;
use crate::desk::Doing;
use crate::web::throttle::Limit;
use crate::web::{Error, State};
use axum::http::StatusCode;

/// How often a visitor may say so in a minute; their page says it every few seconds.
const SIGNS: Limit = Limit::per_minute(30);

/// Notes that the visitor writes; where nothing has been said yet there is nobody to see it.
pub(super) async fn typing(web: State, visitor: Visitor) -> Result<StatusCode, Error> {
    let key = format!("typing {}", visitor.contact);
    web.throttle.count(key, SIGNS, web.desk.clock.now()).map_err(Error::TooMany)?;
    let states = web.desk.store.chat_states(&visitor.inbox, &visitor.contact).await?;
    if let Some(newest) = states.first() {
        web.desk.note_presence(&newest.id, None, Doing::Writing);
    }
    Ok(StatusCode::NO_CONTENT)
}
