//! Whether a call comes from Twilio: the signature over the URL and the sorted parameters, by the account's token
//! (HMAC-SHA1) or by a shared key of the operator's (named in a second header, usually HMAC-SHA256).

use crate::delivery::{Posted, Unproven};
use crate::domain::hex;
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;

pub struct Signatures {
    auth_token: hmac::Key,
    /// Under each algorithm it may be used with.
    shared: Option<[hmac::Key; 2]>,
}

/// What a proven call carries.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    Form(Vec<(String, String)>),
    /// JSON, whose hash is part of the URL that is signed.
    Whole,
}

impl Signatures {
    pub fn new(auth_token: &str, shared_key: Option<&str>) -> Self {
        let key = |algorithm, secret: &str| hmac::Key::new(algorithm, secret.as_bytes());
        Self {
            auth_token: key(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, auth_token),
            shared: shared_key
                .map(|secret| [key(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), key(hmac::HMAC_SHA256, secret)]),
        }
    }

    pub fn proven(&self, posted: &Posted<'_>) -> Result<Body, Unproven> {
        if posted.method != "POST" {
            return Err(Unproven("Twilio was told to POST"));
        }
        let signature = posted.header("x-twilio-signature").ok_or(Unproven("no X-Twilio-Signature"))?;
        let signature = STANDARD.decode(signature.trim()).map_err(|_| Unproven("the signature is not base64"))?;
        let key = self.key(posted.header("x-twilio-webhooks-signature-settings"))?;
        let body = body(posted)?;
        let parameters = match &body {
            Body::Form(pairs) => joined(pairs),
            Body::Whole => String::new(),
        };
        // Twilio signs the URL now with, now without its port.
        let good = with_and_without_port(posted.url)
            .iter()
            .any(|url| hmac::verify(key, format!("{url}{parameters}").as_bytes(), &signature).is_ok());
        good.then_some(body).ok_or(Unproven("the signature does not fit"))
    }

    /// Which key has signed. The header decides it, and the other key is not tried: neither makes up for the other.
    fn key(&self, settings: Option<&str>) -> Result<&hmac::Key, Unproven> {
        let parts = settings.unwrap_or_default().split(',').filter_map(|part| part.split_once('='));
        let named = parts.filter(|(name, _)| name.trim() == "algorithm").map(|(_, value)| value.trim());
        match (named.collect::<Vec<_>>().as_slice(), &self.shared) {
            ([], _) => Ok(&self.auth_token),
            ([_], None) => Err(Unproven("signed with a shared key, and none is set up")),
            (["HMAC_SHA1"], Some([sha1, _])) => Ok(sha1),
            (["HMAC_SHA256"], Some([_, sha256])) => Ok(sha256),
            _ => Err(Unproven("an unknown signature algorithm")),
        }
    }
}

fn body(posted: &Posted<'_>) -> Result<Body, Unproven> {
    let Some(hash) = posted.asked("bodySHA256") else {
        return Ok(Body::Form(url::form_urlencoded::parse(posted.body).into_owned().collect()));
    };
    let ours = hex::encode(digest::digest(&digest::SHA256, posted.body).as_ref());
    ours.eq_ignore_ascii_case(hash).then_some(Body::Whole).ok_or(Unproven("the body is not the one that was signed"))
}

/// Names in order, each with its values in order, every pair once.
fn joined(pairs: &[(String, String)]) -> String {
    let sorted: BTreeSet<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sorted.into_iter().flat_map(|(name, value)| [name, value]).collect()
}

fn with_and_without_port(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let other = match authority.rsplit_once(':').filter(|(_, port)| is_port(port)) {
        Some((host, _)) => host.to_owned(),
        None => format!("{authority}:{}", if scheme == "https" { 443 } else { 80 }),
    };
    vec![url.to_owned(), format!("{scheme}://{other}{tail}")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Time;
    use std::collections::HashMap;

    const URL: &str = "https://idp.example/cb/twilio/msg?a=1";
    const SHA1: &str = "Kas8DVSbugfsx0/f4/sIVxrXAr0=";
    const SHA256: &str = "6SUNyw4ubmStbOGRRLOG+oQSb9LR/fbwVFk87+oCzeI=";
    const BY_SHARED_KEY: &str = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256";

    fn form() -> String {
        let (message, account) = (format!("SM{}", "c".repeat(32)), format!("AC{}", "a".repeat(32)));
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("MessageSid", message.as_str()),
                ("MessageStatus", "undelivered"),
                ("ErrorCode", "63024"),
                ("To", "whatsapp:+15558675310"),
                ("From", "whatsapp:+14155238886"),
                ("AccountSid", account.as_str()),
                ("ApiVersion", "2010-04-01"),
            ])
            .finish()
    }

    fn check(url: &str, body: &[u8], headers: &[(&str, &str)], keys: &Signatures) -> Result<Body, Unproven> {
        let headers: HashMap<String, String> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let asked = url.split_once('?').map_or("", |(_, query)| query);
        let query: Vec<(String, String)> = url::form_urlencoded::parse(asked.as_bytes()).into_owned().collect();
        keys.proven(&Posted { method: "POST", url, query: &query, headers: &headers, body, now: Time(0) })
    }

    #[test]
    fn both_algorithms_prove_the_vectors() {
        let keys = Signatures::new("12345", Some("12345"));
        let by = |headers: &[(&str, &str)]| check(URL, form().as_bytes(), headers, &keys);
        assert!(matches!(by(&[("x-twilio-signature", SHA1)]), Ok(Body::Form(pairs)) if pairs.len() == 7));
        let settings = "x-twilio-webhooks-signature-settings";
        assert!(by(&[("x-twilio-signature", SHA256), (settings, BY_SHARED_KEY)]).is_ok());
        assert!(by(&[("x-twilio-signature", SHA1), (settings, "key=k,algorithm=HMAC_SHA1")]).is_ok());
        for (signature, wrong) in [
            (SHA1, BY_SHARED_KEY),
            (SHA256, "key=k,algorithm=HMAC_SHA512"),
            (SHA256, "key=k,algorithm=none"),
            (SHA256, "algorithm=HMAC_SHA256,algorithm=HMAC_SHA1"),
            (SHA256, "key=k"),
        ] {
            assert!(by(&[("x-twilio-signature", signature), (settings, wrong)]).is_err(), "{wrong}");
        }
        assert!(by(&[("x-twilio-signature", SHA256)]).is_err(), "the header says which");
    }

    #[test]
    fn one_key_does_not_stand_in_for_the_other() {
        let sent = [("x-twilio-signature", SHA1), ("x-twilio-webhooks-signature-settings", "algorithm=HMAC_SHA1")];
        assert!(check(URL, form().as_bytes(), &sent, &Signatures::new("12345", None)).is_err());
        assert!(check(URL, form().as_bytes(), &sent, &Signatures::new("12345", Some("other"))).is_err());
        let sent = [("x-twilio-signature", SHA1)];
        assert!(check(URL, form().as_bytes(), &sent, &Signatures::new("other", Some("12345"))).is_err());
    }

    #[test]
    fn what_was_changed_is_refused() {
        let keys = Signatures::new("12345", None);
        let sent = [("x-twilio-signature", SHA1)];
        let changed = form().replace("undelivered", "delivered");
        assert!(check(URL, changed.as_bytes(), &sent, &keys).is_err());
        let more = format!("{}&attempt=at_2", form());
        assert!(check(URL, more.as_bytes(), &sent, &keys).is_err());
        assert!(check("https://idp.example/cb/twilio/msg?a=2", form().as_bytes(), &sent, &keys).is_err());
        assert!(check("https://idp.example:8443/cb/twilio/msg?a=1", form().as_bytes(), &sent, &keys).is_ok());
        assert!(check(URL, form().as_bytes(), &[], &keys).is_err());
        assert!(check(URL, form().as_bytes(), &[("x-twilio-signature", "?")], &keys).is_err());
    }

    #[test]
    fn a_json_body_is_proven_by_its_hash_in_the_url() {
        let (keys, json) = (Signatures::new("12345", None), br#"[{"type":"x"}]"#);
        let hash = hex::encode(digest::digest(&digest::SHA256, json).as_ref());
        let url = format!("https://idp.example/cb?bodySHA256={hash}");
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"12345"), url.as_bytes());
        let signature = STANDARD.encode(tag.as_ref());
        let sent = [("x-twilio-signature", signature.as_str())];
        assert_eq!(check(&url, json, &sent, &keys), Ok(Body::Whole));
        assert!(check(&url, br#"[{"type":"y"}]"#, &sent, &keys).is_err());
        assert!(check("https://idp.example/cb", json, &sent, &keys).is_err());
    }

    #[test]
    fn the_port_may_be_said_or_not() {
        let urls = |url| with_and_without_port(url);
        assert_eq!(urls("https://a.example/x?y=1")[1], "https://a.example:443/x?y=1");
        assert_eq!(urls("http://a.example:80/x")[1], "http://a.example/x");
        assert_eq!(urls("https://[::1]:443/x")[1], "https://[::1]/x");
        assert_eq!(urls("https://[::1]/x")[1], "https://[::1]:443/x");
    }
}
