//! `doctor`, `carriers sync`, `carriers test`, `carriers allow`: looking after the companies that deliver.

use super::{Ended, one, open, say};
use crate::app::App;
use crate::config::Config;
use crate::domain::audit::By;
use crate::domain::delivery::Channel;
use crate::domain::identifier::Identifier;
use crate::flows::carriers::Examined;
use crate::flows::doctor;
use crate::flows::manage::carriers::Untried;
use crate::flows::manage::{carriers, opt_outs};
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
        CarriersVerb::Sync { name } => sync(&app, name.as_deref()).await,
        CarriersVerb::Test { name, to, channel } => test(&app, &name, &to, channel.as_deref()).await,
        CarriersVerb::Allow { to } => {
            let opened = opt_outs::allow(&app, &By::command(), &identifier(&to)?).await.map_err(one)?;
            say(&match opened {
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

/// One carrier, or each there is.
async fn sync(app: &App, only: Option<&str>) -> Ended {
    let live = app.live();
    let all = live.carriers.iter().filter(|ready| only.is_none_or(|only| only == ready.name()));
    let mut synced = Vec::new();
    for ready in all {
        let findings = carriers::sync(app, &By::command(), ready.name()).await.map_err(one)?.unwrap_or_default();
        let kind = ready.carrier.kind.as_str();
        synced.push(Examined { carrier: ready.name().to_owned(), kind, findings });
    }
    tell(&synced)
}

async fn test(app: &App, name: &str, to: &str, channel: Option<&str>) -> Ended {
    let channel = match channel.map(|word| Channel::parse(word).ok_or(word)).transpose() {
        Ok(channel) => channel,
        Err(word) => return Err(one(format!("\"{word}\" is no channel: whatsapp, telegram, sms, voice or email"))),
    };
    let tested = carriers::test(app, &By::command(), name, &identifier(to)?, channel, None).await.map_err(one)?;
    let said = match tested {
        Ok(tested) => tested.said,
        Err(Untried::Why(why)) => Err(why),
        Err(Untried::KeyReused) => Err("the key stood for another test".to_owned()),
    };
    match said {
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
