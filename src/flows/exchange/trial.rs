//! The code of a trial is redeemed where it was made: no request, no secret of the client's. Its tokens are made as the client's
//! would be, to be read and dropped, and what they hang from ends before anybody is told what they said.

use super::authorization_code::proves_possession;
use super::binding::Binding;
use super::mint::{self, Share};
use super::{Exchanged, Tokens};
use crate::app::App;
use crate::crypto::hash::sha256_hex;
use crate::domain::callback::Callback;
use crate::domain::client::Client;
use crate::domain::ids::SessionId;
use crate::domain::oauth::Refusal;
use crate::flows::Fault;
use crate::store;

pub struct Redeemed {
    /// Refused where the client would be: the person was blocked, or left the organization, a moment ago.
    pub tokens: Result<Box<Tokens>, Refusal>,
    /// The session the trial's own passcode began.
    pub session: SessionId,
}

/// Nothing where the code is not of this trial.
pub async fn redeem(
    app: &App,
    client: &Client,
    sent_to: &Callback,
    code: &str,
    verifier: &str,
) -> Result<Option<Redeemed>, Fault> {
    let now = app.now();
    let Some(grant) = store::grants::spend_code(&app.db, &sha256_hex(code), &client.id, None, now).await? else {
        return Ok(None);
    };
    // A code that was to travel to the client is not this page's to read.
    if grant.redirect_uri != sent_to.redirect_uri || !proves_possession(&grant, Some(verifier)) {
        return Ok(None);
    }
    store::grants::revoke(&app.db, &grant.id, now).await?;
    // Bound to no key, and without a refresh token: nobody will ever show them.
    let share = Share { scope: grant.scope.clone(), audience: grant.audience.clone(), generation: 0 };
    let tokens = match mint::tokens(app, client, &grant, share, &Binding::default()).await? {
        Exchanged::Tokens(tokens) => Ok(tokens),
        Exchanged::Refused(refusal) => Err(refusal),
    };
    Ok(Some(Redeemed { tokens, session: grant.session }))
}
