//! One's own second step of the login: setting it up with an app, its recovery codes, switching it off.

use super::login::Attempt;
use super::page::{Frame, PageError, render};
use super::second_step::{prove, recovery_hash};
use super::session::SignedIn;
use super::{logbook, password, qr};
use crate::store::{Agent, StaffAct};
use crate::totp;
use crate::web::address::Address;
use crate::web::{State, Web};
use anyhow::Result;
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// Recovery codes that somebody is given at once.
const CODES: usize = 10;

#[derive(Template)]
#[template(path = "two_step.html")]
struct TwoStepPage {
    frame: Frame,
    email: String,
    state: Progress,
    /// Whether the settings ask this person for it, and it is missing.
    owed: bool,
    problem: Option<String>,
}

/// How far somebody's second step is.
enum Progress {
    Off,
    /// A secret waits for its first code.
    Offered(Offer),
    On {
        codes_left: i64,
    },
    /// Codes just made; they are shown this once.
    Codes(Vec<String>),
}

struct Offer {
    /// The secret, in groups.
    secret: String,
    /// The address behind the QR code.
    address: String,
    qr: Option<qr::Qr>,
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

#[derive(Deserialize)]
pub(super) struct Proven {
    password: String,
    code: String,
}

/// The page: what there is, and what to do next.
pub(super) async fn page(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    let state = read(&web, &agent).await?;
    show(&web, &agent, state, None).await
}

/// Makes a secret that waits for its first code.
pub(super) async fn begin(web: State, SignedIn(agent): SignedIn) -> Result<Redirect, PageError> {
    let (secret, now) = (totp::fresh_secret(), web.desk.clock.now());
    web.desk.store.offer_factor(&agent.id, &secret, now).await?;
    Ok(Redirect::to("/account/two-step"))
}

/// Switches the second step on by a right code, and shows the recovery codes.
pub(super) async fn confirm(
    web: State,
    SignedIn(agent): SignedIn,
    address: Address,
    Form(sent): Form<Code>,
) -> Result<Response, PageError> {
    let attempt = Attempt::count_code(&web, &agent.email, address).await?;
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let factor = store.find_factor(&agent.id).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
        return Ok(Redirect::to("/account/two-step").into_response());
    };
    let Some(step) = totp::step_of(&factor.secret, &totp::typed(&sent.code), now, 0) else {
        return again(&web, &agent, t!("two-step-wrong")).await;
    };
    let (codes, hashes) = fresh_codes(&agent);
    if !store.confirm_factor(&agent.id, &factor.secret, step, &hashes, now).await? {
        return Ok(Redirect::to("/account/two-step").into_response());
    }
    attempt.was_right(&web).await?;
    logbook::write(&web, &agent, StaffAct::FactorOn, None, "").await?;
    show(&web, &agent, Progress::Codes(codes), None).await
}

/// Switches it off, by password and code.
pub(super) async fn switch_off(
    web: State,
    SignedIn(agent): SignedIn,
    address: Address,
    Form(sent): Form<Proven>,
) -> Result<Response, PageError> {
    if !is_proven(&web, &agent, address, sent).await? {
        return again(&web, &agent, t!("two-step-not-proven")).await;
    }
    web.desk.store.drop_factor(&agent.id).await?;
    logbook::write(&web, &agent, StaffAct::FactorOff, None, "").await?;
    Ok(Redirect::to("/account?done=two-step-off").into_response())
}

/// Makes new recovery codes, by password and code.
pub(super) async fn renew_codes(
    web: State,
    SignedIn(agent): SignedIn,
    address: Address,
    Form(sent): Form<Proven>,
) -> Result<Response, PageError> {
    if !is_proven(&web, &agent, address, sent).await? {
        return again(&web, &agent, t!("two-step-not-proven")).await;
    }
    let (codes, hashes) = fresh_codes(&agent);
    web.desk.store.replace_recovery_codes(&agent.id, &hashes, web.desk.clock.now()).await?;
    logbook::write(&web, &agent, StaffAct::RecoveryRenewed, None, "").await?;
    show(&web, &agent, Progress::Codes(codes), None).await
}

/// Whether both password and code are right; the code is looked at only after the password.
async fn is_proven(
    web: &Web,
    agent: &Agent,
    address: Address,
    sent: Proven,
) -> Result<bool, PageError> {
    let attempt = Attempt::count_code(web, &agent.email, address).await?;
    let kept = web.desk.store.find_agent(&agent.email).await?.map(|(_, kept)| kept);
    let right = password::verify(sent.password, kept).await?
        && prove(web, agent, &sent.code).await?.is_some();
    if right {
        attempt.was_right(web).await?;
    }
    Ok(right)
}

/// New recovery codes, and what the store keeps of them.
fn fresh_codes(agent: &Agent) -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = (0..CODES).map(|_| totp::fresh_recovery_code()).collect();
    let hashes = codes.iter().map(|code| recovery_hash(agent, code)).collect();
    (codes, hashes)
}

async fn again(web: &Web, agent: &Agent, problem: String) -> Result<Response, PageError> {
    let state = read(web, agent).await?;
    let page = show(web, agent, state, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn read(web: &Web, agent: &Agent) -> Result<Progress> {
    let store = &web.desk.store;
    Ok(match store.find_factor(&agent.id).await? {
        None => Progress::Off,
        Some(factor) if factor.confirmed_at.is_some() => {
            Progress::On { codes_left: store.recovery_codes_left(&agent.id).await? }
        }
        Some(factor) => {
            let business = &web.desk.config.business.name;
            let address = totp::address(&factor.secret, business, &agent.email);
            let (secret, qr) = (totp::grouped(&factor.secret, " "), qr::Qr::new(&address));
            Progress::Offered(Offer { secret, address, qr })
        }
    })
}

async fn show(
    web: &Web,
    agent: &Agent,
    state: Progress,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let owed = super::session::owes_second_step(web, agent).await?;
    let frame = Frame::new(web, agent, "account").await?;
    render(&TwoStepPage { frame, email: agent.email.clone(), state, owed, problem })
}
