//! What a carrier reports later: built as the vendor builds it, signed as it signs; a test may hold, repeat, turn, spoil or forge it.

use super::message::Vendor;
use super::way::Why;
use super::{Fake, Message, meta, telegram, twilio, vonage, webhook};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    Sent,
    Delivered,
    Read,
    Undelivered(Why),
}

/// A request to the house, ready to go.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Where it is signed for.
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub http: Option<reqwest::Client>,
}

impl Fake {
    /// What this vendor would post of a message.
    pub fn receipt(&self, message: &Message, report: Report) -> Receipt {
        let callback = message
            .callback
            .clone()
            .unwrap_or_else(|| format!("{}/carriers/{}/receipts", self.state().house, message.carrier));
        let receipt = match message.vendor {
            Vendor::Twilio => twilio::receipt(message, &callback, report),
            Vendor::Meta => meta::receipt(message, &callback, report, self.now()),
            Vendor::Vonage => vonage::receipt(message, &callback, report, self.now()),
            Vendor::Telegram => telegram::receipt(message, &callback, report, self.now()),
            Vendor::Webhook => webhook::receipt(message, &callback, report, self.now()),
            Vendor::Verify => panic!("Twilio Verify reports by no callback"),
        };
        Receipt { http: Some(self.0.http.clone()), ..receipt }
    }

    /// Posts what this vendor reports of a message, and the status the house answered.
    pub async fn report(&self, message: &Message, report: Report) -> u16 {
        self.receipt(message, report).post().await
    }
}

impl Receipt {
    pub fn new(url: &str, headers: &[(&str, &str)], body: String) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { url: url.to_owned(), headers, body, http: None }
    }

    pub async fn post(&self) -> u16 {
        self.post_to(&self.url).await
    }

    /// As a proxy would hand it to another node: signed for one host, received by another.
    pub async fn post_at(&self, base: &str) -> u16 {
        let url = url::Url::parse(&self.url).expect("a URL");
        self.post_to(&format!("{base}{}", &url[url::Position::BeforePath..])).await
    }

    async fn post_to(&self, url: &str) -> u16 {
        let http = self.http.clone().unwrap_or_else(client);
        let request = self.headers.iter().fold(http.post(url), |request, (name, value)| request.header(name, value));
        request.body(self.body.clone()).send().await.map_or(0, |answer| answer.status().as_u16())
    }

    /// The same with one header left out.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// The same with these words in place of those, signed for what stood there before.
    pub fn spoiled(mut self, from: &str, to: &str) -> Self {
        assert!(self.body.contains(from), "{from} is not in {}", self.body);
        self.body = self.body.replace(from, to);
        self
    }
}

#[allow(clippy::disallowed_methods, reason = "tests speak HTTP like anybody")]
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}
