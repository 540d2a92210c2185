//! Proof of possession (RFC 9449): what a proof says, and whether it fits the request it came with.

use super::time::Time;
use std::time::Duration;
use url::Url;

/// The header a proof comes in, and the one our nonces leave by (§4.1, §8).
pub const HEADER: &str = "dpop";
pub const NONCE_HEADER: &str = "dpop-nonce";

/// How far a proof's clock may be from ours, either way.
pub const SKEW: Duration = Duration::from_secs(60);
/// Nonces are made anew this often, and good for as long again.
pub const NONCE_LIFE: Duration = Duration::from_secs(120);
/// Longer ones are not read.
pub const LONGEST: usize = 8 * 1024;
const LONGEST_JTI: usize = 512;

/// A request as far as proofs are bound to it: every `DPoP` header it has, its method and its address without query.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub proofs: Vec<String>,
    pub method: String,
    pub url: String,
}

impl Shown {
    /// The one proof, if one came. §4.3 step 1: not more than one header.
    pub fn one(&self) -> Result<Option<&str>, &'static str> {
        match self.proofs.as_slice() {
            [] => Ok(None),
            [proof] if proof.len() <= LONGEST => Ok(Some(proof)),
            [_] => Err("the proof is too long"),
            _ => Err("more than one DPoP header"),
        }
    }
}

/// A proof whose signature holds (§4.2). `jkt` is the thumbprint of the key it was signed with.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    pub jkt: String,
    pub jti: String,
    pub htm: String,
    pub htu: String,
    pub iat: Time,
    pub ath: Option<String>,
    pub nonce: Option<String>,
}

impl Proof {
    /// §4.3 steps 8, 9, 11 and 12; `ath` is the hash of the access token it is shown with.
    pub fn fits(&self, shown: &Shown, ath: Option<&str>, now: Time) -> Result<(), &'static str> {
        if self.jti.is_empty() || self.jti.len() > LONGEST_JTI {
            return Err("jti is empty or too long");
        }
        if self.htm != shown.method {
            return Err("htm is another method");
        }
        if !same_address(&self.htu, &shown.url) {
            return Err("htu is another address");
        }
        if now.since(self.iat) > SKEW || self.iat.since(now) > SKEW {
            return Err("iat is too old or in the future");
        }
        match ath {
            Some(_) if self.ath.as_deref() != ath => Err("ath is not of the access token"),
            _ => Ok(()),
        }
    }

    /// When it can no longer come again.
    pub fn ends_at(&self) -> Time {
        self.iat.plus(SKEW + Duration::from_secs(1))
    }
}

/// §4.3 step 9 with the normalisation of RFC 3986 §6.2.2 and §6.2.3; query and fragment do not count.
fn same_address(told: &str, ours: &str) -> bool {
    let plain = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    plain(told).is_some_and(|told| Some(told) == plain(ours))
}

/// SHA-256 as base64url writes it (§6.1).
pub fn is_thumbprint(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_as_the_standard_normalises_them() {
        let ours = "https://id.example/oauth2/token";
        for same in [
            ours,
            "HTTPS://ID.example/oauth2/token",
            "https://id.example:443/oauth2/token",
            "https://id.example/oauth2/token?x=1#y",
            "https://id.example/oauth2/./token",
        ] {
            assert!(same_address(same, ours), "{same}");
        }
        for other in [
            "http://id.example/oauth2/token",
            "https://id.example:8443/oauth2/token",
            "https://id.example/oauth2/Token",
            "https://id.example/oauth2/token/",
            "https://me@id.example/oauth2/token",
            "https://id.example.evil/oauth2/token",
            "/oauth2/token",
            "",
        ] {
            assert!(!same_address(other, ours), "{other}");
        }
    }

    #[test]
    fn a_proof_fits_one_request_at_one_time() {
        let shown = Shown { proofs: vec![], method: "POST".into(), url: "https://id.example/t".into() };
        let proof = Proof {
            jkt: "k".into(),
            jti: "1".into(),
            htm: "POST".into(),
            htu: "https://id.example/t".into(),
            iat: Time::from_secs(1_000),
            ath: Some("a".into()),
            nonce: None,
        };
        let at = |secs| proof.fits(&shown, None, Time::from_secs(secs)).is_ok();
        assert!(at(940) && at(1_000) && at(1_060) && !at(939) && !at(1_061));
        let now = Time::from_secs(1_000);
        assert!(proof.fits(&shown, Some("a"), now).is_ok() && proof.fits(&shown, Some("b"), now).is_err());
        assert!(Proof { ath: None, ..proof.clone() }.fits(&shown, Some("a"), now).is_err());
        assert!(Proof { htm: "post".into(), ..proof.clone() }.fits(&shown, None, now).is_err());
        assert!(Proof { jti: String::new(), ..proof.clone() }.fits(&shown, None, now).is_err());
        assert!(Proof { iat: Time(i64::MAX), ..proof.clone() }.fits(&shown, None, now).is_err());
        assert!(Proof { iat: Time(i64::MIN), ..proof }.fits(&shown, None, now).is_err());
        let two = Shown { proofs: vec!["a".into(), "b".into()], ..shown };
        assert!(two.one().is_err());
    }
}
