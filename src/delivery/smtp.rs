//! Mail by SMTP (RFC 5321) through lettre: TLS from the first byte, STARTTLS that is required, or plain to loopback.

use super::{Finding, Sender};
use crate::domain::carrier::{self, Credentials, SmtpSecurity};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use crate::domain::time::Time;
use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, MessageId};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials as Login;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::time::{Duration, UNIX_EPOCH};

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    /// The envelope's sender, where bounces go.
    bounce_to: Address,
}

impl Smtp {
    pub fn new(settings: &carrier::Smtp, secrets: &Credentials, timeout_seconds: u64) -> Result<Self, String> {
        let from: Mailbox = settings.from.parse().map_err(|error| format!("from: {error}"))?;
        let mailbox = |text: &String| text.parse::<Mailbox>().map_err(|error| format!("reply_to: {error}"));
        let reply_to = settings.reply_to.as_ref().map(mailbox).transpose()?;
        let address = |text: &String| text.parse::<Address>().map_err(|error| format!("bounce_to: {error}"));
        let bounce_to = settings.bounce_to.as_ref().map_or_else(|| Ok(from.email.clone()), address)?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port())
            .timeout(Some(Duration::from_secs(timeout_seconds)));
        builder = match settings.security {
            SmtpSecurity::None => builder.tls(Tls::None),
            SmtpSecurity::Tls => builder.tls(Tls::Wrapper(parameters(settings)?)),
            SmtpSecurity::Starttls => builder.tls(Tls::Required(parameters(settings)?)),
        };
        if let (Some(username), Some(password)) = (&settings.username, secrets.get("password")) {
            builder = builder.credentials(Login::new(username.clone(), password.to_owned()));
        }
        Ok(Self { transport: builder.build(), from, reply_to, bounce_to })
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, String> {
        let to: Mailbox = message.to.reveal().parse().map_err(|_| "the address cannot stand in a mail".to_owned())?;
        let envelope = Envelope::new(Some(self.bounce_to.clone()), vec![to.email.clone()]);
        let domain = self.from.email.domain();
        let millis = u64::try_from(message.at.0).unwrap_or_default();
        let mut builder = lettre::Message::builder()
            .envelope(envelope.map_err(|error| error.to_string())?)
            .from(self.from.clone())
            .to(to)
            .subject(&message.subject)
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            // The same attempt always has the same id, so a mailbox that got it twice shows it once. It stands under the
            // domain of From, as whoever signs for that domain (DKIM) expects.
            .header(MessageId::from(format!("<{}@{domain}>", message.attempt)))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone());
        let mail = match &message.html {
            Some(html) => builder.multipart(
                MultiPart::alternative()
                    .singlepart(text)
                    .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(html.clone())),
            ),
            None => builder.singlepart(text),
        };
        mail.map_err(|error| error.to_string())
    }
}

/// RFC 3834 §5: no vacation responder answers a passcode.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn parameters(settings: &carrier::Smtp) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).map_err(|error| format!("ca_file {path}: {error}"))?;
        builder = builder
            .add_root_certificate(Certificate::from_pem(&pem).map_err(|error| format!("ca_file {path}: {error}"))?);
    }
    builder.build_rustls().map_err(|error| error.to_string())
}

#[async_trait]
impl Sender for Smtp {
    async fn send(&self, message: &Message) -> Handed {
        let mail = match self.mail(message) {
            Ok(mail) => mail,
            Err(what) => return Handed::Failed(Failed::new(Class::BadNumber, "address", what)),
        };
        match self.transport.send(mail).await {
            Ok(response) => Handed::accepted(response.code().to_string()),
            Err(error) => Handed::Failed(failed(&error)),
        }
    }

    async fn examine(&self, _now: Time) -> Vec<Finding> {
        vec![match self.transport.test_connection().await {
            Ok(true) => Finding::good("the mail server answers and takes our credentials"),
            Ok(false) => Finding::bad("the mail server answers, and not as one does; look at host and port"),
            Err(error) => Finding::bad(match failed(&error).class {
                Class::Busy => format!("not reached ({}); look at host, port and security", failed(&error).code),
                _ => format!("refused ({}); look at username and password", failed(&error).code),
            }),
        }]
    }
}

/// Only codes are kept: a server's words may hold the address.
fn failed(error: &lettre::transport::smtp::Error) -> Failed {
    let Some(status) = error.status().map(|code| code.to_string()) else {
        return Failed::new(Class::Busy, format!("smtp {}", what_broke(error)), "no whole answer from the mail server");
    };
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let enhanced = enhanced(&words);
    let class = class(&status, enhanced);
    let code = enhanced.map_or_else(|| format!("smtp {status}"), |enhanced| format!("smtp {status} {enhanced}"));
    Failed::new(class, code, "the mail server did not take it")
}

/// 4yz: later, or elsewhere. 5yz: it will not take this mail, today or tomorrow (RFC 5321 §4.2.1). But 53z is about who we are
/// (RFC 4954 §6), and by RFC 3463 §3 and RFC 7372 so are x.7 (what SPF, DKIM, DMARC, a blocklist or a relay's rules refuse) and
/// x.1.7 and x.1.8 (the sender's address).
fn class(status: &str, enhanced: Option<&str>) -> Class {
    let ours = enhanced.is_some_and(|code| code.starts_with("5.7.") || ["5.1.7", "5.1.8"].contains(&code));
    match status {
        status if !status.starts_with('5') => Class::Busy,
        status if status.starts_with("53") || ours => Class::Misconfigured,
        _ => Class::Unreachable,
    }
}

/// The enhanced status code (RFC 3463) a server's words begin with: `5.1.1`.
fn enhanced(words: &str) -> Option<&str> {
    let code = words.split_whitespace().next()?;
    let parts: Vec<&str> = code.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() == 3 && parts.iter().all(number)).then_some(code)
}

fn what_broke(error: &lettre::transport::smtp::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_tls() {
        "tls"
    } else {
        "connection"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_the_mailboxs_or_ours() {
        for (status, words, wanted) in [
            ("550", "5.1.1 nobody of that name", Class::Unreachable),
            ("550", "No such user here", Class::Unreachable),
            ("552", "5.2.2 mailbox full", Class::Unreachable),
            ("535", "5.7.8 Authentication credentials invalid", Class::Misconfigured),
            ("530", "Authentication required", Class::Misconfigured),
            (
                "550",
                "5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy",
                Class::Misconfigured,
            ),
            ("554", "5.7.1 Relay access denied", Class::Misconfigured),
            ("550", "5.1.8 Sender address rejected", Class::Misconfigured),
            ("421", "4.7.0 Try again later", Class::Busy),
            ("451", "greylisted", Class::Busy),
        ] {
            assert_eq!(class(status, enhanced(words)), wanted, "{status} {words}");
        }
        assert_eq!((enhanced("5.1.1 x"), enhanced("1.2.3.4 is listed"), enhanced("")), (Some("5.1.1"), None, None));
    }
}
