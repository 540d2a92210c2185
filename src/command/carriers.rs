//! `doctor`, `carriers sync`, `carriers test`, `carriers allow`: looking after the companies that deliver.

use super::{Ended, one, open, say};
use crate::app::App;
use crate::config::Config;
use crate::domain::delivery::Channel;
use crate::domain::identifier::Identifier;
use crate::flows::carriers::{self, Examined};
use crate::flows::doctor;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum CarriersVerb {
    /// Make what carriers need from us, such as WhatsApp templates in every language of the pages.
    Sync {
        /// Only this carrier.
        name: Option<String>,
    },
    /// Send one made-up passcode by one carrier.
    Test {
        name: String,
        /// A number with + and country code, or an e-mail address.
        to: String,
        /// whatsapp, telegram, sms, voice or email; left out, the first that reaches it.
        #[arg(long)]
        channel: Option<String>,
    },
    /// Write again to a number that once told a sender to stop: only when its owner asks for it.
    Allow { to: String },
}

pub async fn run(config: Config, verb: CarriersVerb) -> Ended {
    let app = open(config).await?;
    match verb {
        CarriersVerb::Sync { name } => tell(&carriers::sync(&app, name.as_deref()).await),
        CarriersVerb::Test { name, to, channel } => test(&app, &name, &to, channel.as_deref()).await,
        CarriersVerb::Allow { to } => {
            let closed = carriers::allow(&app, &identifier(&to)?).await.map_err(one)?;
            say(&match closed {
                0 => "nothing had told us to stop".to_owned(),
                n => format!("{n} channels are open again"),
            });
            Ok(())
        }
    }
}

/// Looks at everything a message needs on its way, and sends none.
pub async fn doctor(config: Config) -> Ended {
    let app = open(config).await?;
    let examined = doctor::examine(&app).await.map_err(one)?;
    tell(&examined)
}

async fn test(app: &App, name: &str, to: &str, channel: Option<&str>) -> Ended {
    let channel = match channel.map(|word| Channel::parse(word).ok_or(word)).transpose() {
        Ok(channel) => channel,
        Err(word) => return Err(one(format!("\"{word}\" is no channel: whatsapp, telegram, sms, voice or email"))),
    };
    let tested = carriers::test(app, name, &identifier(to)?, channel).await.map_err(one)?;
    match tested.and_then(|tested| tested.said) {
        Ok(said) => {
            say(&said);
            Ok(())
        }
        Err(said) => Err(one(said)),
    }
}

/// A whole number or an address, as there is no country to read one by.
pub fn identifier(text: &str) -> Result<Identifier, Vec<String>> {
    Identifier::read(text)
        .ok_or_else(|| one(format!("\"{text}\" is neither a number with + and country code nor an e-mail address")))
}

fn tell(examined: &[Examined]) -> Ended {
    let mut bad = 0;
    for one in examined {
        say(&format!("{} ({})", one.carrier, one.kind));
        for finding in &one.findings {
            say(&format!("  {} {}", if finding.good { "ok  " } else { "MEND" }, finding.text));
            bad += usize::from(!finding.good);
        }
    }
    match (examined.is_empty(), bad) {
        (true, _) => Err(one("no carrier is declared")),
        (false, 0) => Ok(()),
        (false, bad) => Err(one(format!("{bad} things to mend"))),
    }
}
