//! Mail by SMTP (RFC 5321) through lettre: TLS from the first byte, STARTTLS that is required, or plain to loopback.

use super::{Finding, Sender};
use crate::domain::carrier::{self, Credentials, SmtpSecurity};
use crate::domain::delivery::{Class, Failed, Handed, Message};
use async_trait::async_trait;
use lettre::message::header::{ContentType, MessageId};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials as Login;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::time::Duration;

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    pub fn new(settings: &carrier::Smtp, secrets: &Credentials, timeout_seconds: u64) -> Result<Self, String> {
        let from: Mailbox = settings.from.parse().map_err(|error| format!("from: {error}"))?;
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
        Ok(Self { transport: builder.build(), from })
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, String> {
        let to: Mailbox = message.to.reveal().parse().map_err(|_| "the address cannot stand in a mail".to_owned())?;
        let domain = self.from.email.domain();
        let builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&message.subject)
            // The same attempt always has the same id, so a mailbox that got it twice shows it once.
            .header(MessageId::from(format!("<{}@{domain}>", message.attempt)))
            .header(AutoSubmitted);
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

    async fn examine(&self) -> Vec<Finding> {
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

/// Only codes are kept: a server's words may hold the address. 5yz: it will not take this mail, today or tomorrow
/// (RFC 5321 §4.2.1); 53z is about who we are (RFC 4954 §6).
fn failed(error: &lettre::transport::smtp::Error) -> Failed {
    let status = error.status().map(|code| code.to_string());
    let class = match &status {
        Some(code) if code.starts_with("53") => Class::Misconfigured,
        Some(code) if code.starts_with('5') => Class::Unreachable,
        _ => Class::Busy,
    };
    let code = status.unwrap_or_else(|| what_broke(error).to_owned());
    Failed::new(class, format!("smtp {code}"), "the mail server did not take it")
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
