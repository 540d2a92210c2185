//! Endpoints that hear of events: addresses the operator gave. A private one only where the operator said so; no redirects.

use super::{Web, names_private, plain};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use url::Url;

/// What an endpoint answered; nobody reads its words.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    /// When it asks us to come back.
    pub retry_after: Option<RetryAfter>,
}

/// RFC 9110 §10.2.3: so many seconds, or a moment in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    In(Duration),
    At(i64),
}

impl Web {
    /// Posts these bytes; the error is for the log, and holds no URL.
    pub async fn tell(
        &self,
        url: &str,
        private: bool,
        headers: &[(&'static str, String)],
        body: String,
        patience: Duration,
    ) -> Result<Told, String> {
        let url = Url::parse(url).map_err(|_| "no URL")?;
        if !private && (url.scheme() != "https" || names_private(&url)) {
            return Err("only https at a public address is reached; allow_private = true allows others".into());
        }
        let client = if private { &self.open } else { &self.guarded };
        let mut request = client.post(url).timeout(patience).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.send().await.map_err(|error| plain(&error))?;
        Ok(Told { status: response.status().as_u16(), retry_after: retry_after(response.headers()) })
    }
}

impl RetryAfter {
    /// From this moment on, in seconds since 1970.
    pub fn wait(self, now: i64) -> Duration {
        match self {
            Self::In(wait) => wait,
            Self::At(moment) => Duration::from_secs(u64::try_from(moment.saturating_sub(now)).unwrap_or(0)),
        }
    }
}

fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = text.parse().ok().map(|seconds| RetryAfter::In(Duration::from_secs(seconds)));
    seconds.or_else(|| Some(RetryAfter::At(OffsetDateTime::parse(text, &Rfc2822).ok()?.unix_timestamp())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_back_is_read_in_both_forms() {
        let read = |text: &str| retry_after(&[(RETRY_AFTER, text.parse().expect("a value"))].into_iter().collect());
        assert_eq!(read("120"), Some(RetryAfter::In(Duration::from_secs(120))));
        let moment = read("Fri, 31 Dec 1999 23:59:59 GMT").expect("a date");
        assert_eq!(moment, RetryAfter::At(946_684_799));
        assert_eq!(moment.wait(946_684_790), Duration::from_secs(9));
        assert_eq!(moment.wait(946_684_800), Duration::ZERO);
        assert_eq!((read("-1"), read("soon")), (None, None));
    }
}
