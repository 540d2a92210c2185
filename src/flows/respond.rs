//! The last step before an answer leaves: where a client asked for a signed one, its parameters become one JWT (JARM §2.1).

use super::Fault;
use crate::app::App;
use crate::crypto::jwt;
use crate::domain::callback::Redirection;
use crate::domain::oauth::Signed;
use serde_json::{Map, Value};

/// Seconds a signed answer can be used; JARM §2.1 advises ten minutes at most.
const LIFE: i64 = 300;
/// No ID token: nobody can hand such an answer back to us as a hint.
const TYP: &str = "jarm+jwt";

pub fn ready(app: &App, redirection: Redirection) -> Result<Redirection, Fault> {
    match redirection.signed.clone() {
        None => Ok(redirection),
        Some(signed) => {
            let response = sign(app, &signed, &redirection)?;
            Ok(Redirection { signed: None, params: vec![("response", response)], ..redirection })
        }
    }
}

fn sign(app: &App, signed: &Signed, redirection: &Redirection) -> Result<String, Fault> {
    let (live, now) = (app.live(), app.now());
    let key = live
        .keys
        .signer(signed.algorithm, now)
        .ok_or_else(|| Fault::Broken(format!("there is no {} signing key", signed.algorithm.as_str())))?;
    let mut claims: Map<String, Value> =
        redirection.params.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    claims.insert("iss".into(), app.issuer.as_str().into());
    claims.insert("aud".into(), signed.client.as_str().into());
    claims.insert("exp".into(), (now.secs() + LIFE).into());
    Ok(jwt::sign(key, TYP, &Value::Object(claims))?)
}
