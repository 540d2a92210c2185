//! Looking after carriers: do their credentials, senders and templates hold, can they reach us, does a message arrive.

use super::Fault;
use crate::app::App;
use crate::delivery::{Finding, Template};
use crate::domain::delivery::{Attempt, Channel, Handed, Job};
use crate::domain::identifier::Identifier;
use crate::domain::ids::{ChallengeId, InteractionId};
use crate::domain::time::Time;
use crate::flows::deliver;
use crate::store;

/// What was found at one carrier.
pub struct Examined {
    pub carrier: String,
    pub kind: &'static str,
    pub findings: Vec<Finding>,
}

/// Each carrier's credentials, senders and templates, and whether it can reach us. Sends nothing.
pub async fn examine(app: &App) -> Vec<Examined> {
    let live = app.live();
    let mut examined = Vec::new();
    for ready in &live.carriers {
        let mut findings = ready.sender.examine(app.now()).await;
        if ready.sender.reports() {
            findings.push(reachable(app, ready.name()).await);
        }
        examined.push(Examined { carrier: ready.name().to_owned(), kind: ready.carrier.kind.as_str(), findings });
    }
    for (carrier, what) in &live.unusable {
        examined.push(Examined {
            carrier: carrier.clone(),
            kind: "unusable",
            findings: vec![Finding::bad(what.as_str())],
        });
    }
    examined
}

/// Knocks at the address this carrier's receipts go to. Without a signature we are refused, and by that we know ourselves.
async fn reachable(app: &App, carrier: &str) -> Finding {
    let url = app.receipts_address(carrier);
    if !app.https() {
        return Finding::bad(format!("receipts: {url} is not https, so no carrier on the internet can reach it"));
    }
    match app.web.knock(&url).await {
        Ok(403) => Finding::good(format!("receipts: {url} is reached")),
        Ok(status) => Finding::bad(format!(
            "receipts: {url} answers {status}; let the proxy in front pass /carriers/ on unchanged"
        )),
        Err(what) => {
            Finding::bad(format!("receipts: {url}: {what}; is the server running, and its name known to the internet?"))
        }
    }
}

/// Marks carriers that refuse us, so that `/health/ready` and metrics name them before a person finds out.
pub async fn watch(app: &App) {
    let live = app.live();
    for ready in &live.carriers {
        let bad = ready.sender.examine(app.now()).await.into_iter().find(|finding| !finding.good);
        let text = bad.as_ref().map(|finding| finding.text.as_str());
        app.health.refused(ready.name(), text);
        if let Some(text) = text {
            app.alert("examined", ready.name(), text);
        }
    }
}

/// Makes what carriers need from us, such as templates in every language of our pages.
pub async fn sync(app: &App, only: Option<&str>) -> Vec<Examined> {
    let live = app.live();
    let minutes = u32::try_from(app.config.passcode_life.0.as_secs().div_ceil(60)).unwrap_or(5);
    let templates = app.texts.languages().map(|words| Template {
        language: words.tag().to_owned(),
        copy_code: words.get("copy-code").to_owned(),
        minutes,
    });
    let templates: Vec<Template> = templates.collect();
    let mut synced = Vec::new();
    for ready in live.carriers.iter().filter(|ready| only.is_none_or(|only| only == ready.name())) {
        let findings = ready.sender.sync(&templates).await;
        synced.push(Examined { carrier: ready.name().to_owned(), kind: ready.carrier.kind.as_str(), findings });
    }
    synced
}

/// Sends one made-up passcode by one carrier, and says what the carrier said.
pub async fn test(app: &App, carrier: &str, to: &Identifier, channel: Option<Channel>) -> Result<String, String> {
    let live = app.live();
    let Some(ready) = live.carrier(carrier) else {
        let why = live.unusable.iter().find(|(name, _)| name == carrier).map(|(_, why)| why.as_str());
        return Err(
            why.map_or_else(|| format!("there is no carrier \"{carrier}\""), |why| format!("it cannot be used: {why}"))
        );
    };
    let reaches = |channel: &Channel| channel.reaches(to.kind()) && ready.carrier.kind.carries(*channel);
    let Some(channel) = channel.into_iter().chain(Channel::ALL).find(reaches) else {
        return Err(format!("{carrier} has no channel that reaches {to}"));
    };
    let now = app.now();
    // It belongs to no sign-in, so no page takes its digits.
    let id = app.entropy.short();
    let attempt = Attempt {
        id: app.entropy.attempt_id(now),
        challenge: ChallengeId::new(format!("test_{id}")),
        interaction: InteractionId::new(format!("test_{id}")),
        job: Job {
            purpose: "test".into(),
            kind: to.kind().as_str().into(),
            to: to.reveal().to_owned(),
            browser: id,
            language: "en".into(),
            app: "Countersign".into(),
            ladder: vec![channel],
            ..Job::default()
        },
        created_at: now,
        expires_at: now.plus(app.config.passcode_life.0),
        tries: 0,
        lease_until: Time::default(),
    };
    let mut message = deliver::write(app, &attempt, channel, to);
    message.report_to = app.receipts_url(&ready.carrier, &attempt.id);
    match ready.sender.send(&message).await {
        Handed::Accepted { reference, status, .. } => {
            Ok(format!("{} by {}: {} (the carrier calls it {reference})", to, channel.as_str(), status.as_str()))
        }
        Handed::Failed(failed) => {
            Err(format!("not taken: {} ({}) {}", failed.code, failed.class.as_str(), failed.detail))
        }
        Handed::Unknown(what) => Err(format!("not known whether it was taken: {what}")),
    }
}

/// Whoever told a sender to stop is written to again. How many channels had been closed.
pub async fn allow(app: &App, to: &Identifier) -> Result<u64, Fault> {
    Ok(store::opt_outs::forget(&app.db, to).await?)
}
