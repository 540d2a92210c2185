//! What Twilio Messaging and Verify share: the account and how it is asked, regions, error codes and their classes, the
//! signature of what Twilio calls us with.

pub mod call;
pub mod callback;
pub mod codes;
pub mod events;
pub mod look;
pub mod signature;

use super::web::{Answer, CarrierWeb, NoAnswer};
use super::{Posted, Unproven};
use crate::domain::carrier::{Credentials, TwilioMessaging};
use crate::domain::delivery::{Class, Failed, Handed};
use reqwest::{Method, RequestBuilder};
use signature::{Body, Signatures};
use zeroize::Zeroizing;

/// What a request's form holds.
pub type Form = Vec<(String, String)>;

pub fn field(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

pub struct Account {
    pub sid: String,
    token: Zeroizing<String>,
    key: Option<(String, Zeroizing<String>)>,
    /// Where its messages are processed unless a message says otherwise.
    region: Option<String>,
    signatures: Signatures,
    web: CarrierWeb,
}

impl Account {
    pub fn new(sid: &str, api_key: Option<&str>, region: Option<&str>, secrets: &Credentials, web: CarrierWeb) -> Self {
        let token = secrets.must("auth_token");
        Self {
            sid: sid.to_owned(),
            token: Zeroizing::new(token.to_owned()),
            key: api_key.map(|key| (key.to_owned(), Zeroizing::new(secrets.must("api_secret").to_owned()))),
            region: region.map(str::to_owned),
            signatures: Signatures::new(token, secrets.get("shared_key")),
            web,
        }
    }

    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Below this account in the first API.
    pub fn path(&self, rest: &str) -> String {
        format!("/2010-04-01/Accounts/{}{rest}", self.sid)
    }

    /// What is asked for in a message's name, or what came of it instead.
    pub async fn post(&self, product: &str, region: Option<&str>, path: &str, form: &Form) -> Result<Answer, Handed> {
        let host = self.host(product, region).map_err(Handed::Failed)?;
        let request = self.signed_in(self.web.request(Method::POST, &host, path)).form(form);
        self.web.ask(request).await.map_err(NoAnswer::handed)
    }

    pub async fn get(&self, product: &str, path: &str) -> Result<Answer, String> {
        self.web.ask(self.signed_in(self.to(product, path)?)).await.map_err(|none| none.text().to_owned())
    }

    /// With the account's own token, even where there is an API key.
    pub async fn get_by_token(&self, product: &str, path: &str) -> Result<Answer, String> {
        let request = self.to(product, path)?.basic_auth(&self.sid, Some(self.token.as_str()));
        self.web.ask(request).await.map_err(|none| none.text().to_owned())
    }

    fn to(&self, product: &str, path: &str) -> Result<RequestBuilder, String> {
        let host = self.host(product, None).map_err(|failed| failed.detail)?;
        Ok(self.web.request(Method::GET, &host, path))
    }

    /// Where the operator named another host, that one is asked for everything, and has no regions.
    fn host(&self, product: &str, region: Option<&str>) -> Result<String, Failed> {
        let region = region.or(self.region.as_deref()).filter(|_| !self.web.has_base());
        host(product, region)
    }

    fn signed_in(&self, request: RequestBuilder) -> RequestBuilder {
        let (user, secret) = self.key.as_ref().map_or((&self.sid, &self.token), |(key, secret)| (key, secret));
        request.basic_auth(user, Some(secret.as_str()))
    }

    pub fn proven(&self, posted: &Posted<'_>) -> Result<Body, Unproven> {
        self.signatures.proven(posted)
    }
}

/// A product's host, in a region by the edge that leads there.
fn host(product: &str, region: Option<&str>) -> Result<String, Failed> {
    let Some(region) = region else { return Ok(format!("https://{product}.twilio.com")) };
    match TwilioMessaging::edge(region) {
        Some(edge) => Ok(format!("https://{product}.{edge}.twilio.com")),
        None => Err(Failed::new(Class::Misconfigured, "region", "the region is none of Twilio's; write it like ie1")),
    }
}

/// A value as it stands in a query.
pub fn escaped(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_reached_by_its_edge() {
        assert_eq!(host("api", None).expect("a host"), "https://api.twilio.com");
        assert_eq!(host("api", Some("ie1")).expect("a host"), "https://api.dublin.ie1.twilio.com");
        assert_eq!(host("verify", Some("sydney.au1")).expect("a host"), "https://verify.sydney.au1.twilio.com");
        assert_eq!(host("api", Some("evil.example/")).map_err(|failed| failed.class), Err(Class::Misconfigured));
    }
}
