//! DPoP proofs are read and their signatures checked (RFC 9449 §4.2). What a proof must say is `domain::dpop`'s question.

use super::public_key::{Jwk, PublicKey};
use crate::domain::dpop::Proof;
use crate::domain::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

/// Members that come twice, or are missing, do not parse.
#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
    crit: Option<IgnoredAny>,
    b64: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: f64,
    ath: Option<String>,
    nonce: Option<String>,
}

/// The proof, or what is wrong with it.
pub fn read(proof: &str, algorithms: &[&str]) -> Result<Proof, &'static str> {
    let mut parts = proof.split('.');
    let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("not a signed JWT");
    };
    let header: Header = json(head).ok_or("the header is not one of a proof with a public key")?;
    if header.typ != "dpop+jwt" {
        return Err("typ is not dpop+jwt");
    }
    if !algorithms.contains(&header.alg.as_str()) {
        return Err("alg is not one this client may use");
    }
    if header.crit.is_some() || header.b64.is_some() {
        return Err("it demands what we do not know");
    }
    let key = PublicKey::read(&header.jwk).ok_or("jwk is not a public key we know")?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "the signature is not base64url")?;
    let signed = proof.rsplit_once('.').map_or("", |(signed, _)| signed);
    if !key.verifies(&header.alg, signed.as_bytes(), &signature) {
        return Err("the signature is not of the key in jwk");
    }
    let claims: Claims = json(body).ok_or("jti, htm, htu or iat is missing or not what it should be")?;
    Ok(Proof {
        jkt: key.thumbprint(),
        jti: claims.jti,
        htm: claims.htm,
        htu: claims.htu,
        iat: moment(claims.iat),
        ath: claims.ath,
        nonce: claims.nonce,
    })
}

fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A NumericDate may have a fraction (RFC 7519 §2). The cast saturates.
fn moment(secs: f64) -> Time {
    Time::from_secs(secs.floor() as i64)
}
