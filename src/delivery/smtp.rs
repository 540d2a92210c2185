//! Mail by SMTP (RFC 5321) through lettre: TLS from the first byte, STARTTLS that is required, or plain to loopback.

use super::Sender;
use crate::domain::delivery::{Channel, Handed, Message, SmtpSecurity, SmtpSettings};
use async_trait::async_trait;
use lettre::message::header::{ContentType, MessageId};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::time::Duration;

/// A mail server that takes longer is treated as not reached.
const PATIENCE: Duration = Duration::from_secs(15);

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    pub fn new(settings: &SmtpSettings, password: Option<&str>) -> Result<Self, String> {
        let from: Mailbox = settings.from.parse().map_err(|error| format!("from: {error}"))?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .timeout(Some(PATIENCE));
        builder = match settings.security {
            SmtpSecurity::None => builder.tls(Tls::None),
            SmtpSecurity::Tls => builder.tls(Tls::Wrapper(parameters(settings)?)),
            SmtpSecurity::Starttls => builder.tls(Tls::Required(parameters(settings)?)),
        };
        if let (Some(username), Some(password)) = (&settings.username, password) {
            builder = builder.credentials(Credentials::new(username.clone(), password.to_owned()));
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

fn parameters(settings: &SmtpSettings) -> Result<TlsParameters, String> {
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
    fn carries(&self, channel: Channel) -> bool {
        channel == Channel::Email
    }

    fn idempotent(&self) -> bool {
        false
    }

    async fn send(&self, message: &Message) -> Handed {
        let mail = match self.mail(message) {
            Ok(mail) => mail,
            Err(what) => return Handed::Refused(what),
        };
        match self.transport.send(mail).await {
            Ok(response) => Handed::Accepted(response.code().to_string()),
            // 5yz: the server will not take this mail, today or tomorrow (RFC 5321 §4.2.1). Its words may hold the address: only the code is kept.
            Err(error) if error.is_permanent() => {
                Handed::Refused(format!("smtp {}", error.status().map_or_else(String::new, |code| code.to_string())))
            }
            Err(error) if error.is_transient() => Handed::Unreachable(format!(
                "smtp {}",
                error.status().map_or_else(String::new, |code| code.to_string())
            )),
            Err(error) => Handed::Unreachable(without_addresses(&error)),
        }
    }
}

fn without_addresses(error: &lettre::transport::smtp::Error) -> String {
    let kind = if error.is_timeout() {
        "timeout"
    } else if error.is_tls() {
        "tls"
    } else {
        "connection"
    };
    format!("smtp {kind}")
}
