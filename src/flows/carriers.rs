//! Looking after carriers: do their credentials, senders and templates hold, can they reach us, does a message arrive.

pub use crate::delivery::Finding;

use super::Fault;
use crate::app::App;
use crate::delivery::Template;
use crate::delivery::route::Ready;
use crate::domain::carrier::{Carrier, Credentials};
use crate::domain::delivery::{Attempt, Channel, Handed, Job, Micros};
use crate::domain::identifier::Identifier;
use crate::domain::ids::{ChallengeId, InteractionId};
use crate::flows::deliver;
use crate::store;
use crate::store::outbox::Sent;
use std::time::Duration;

/// For what is written down after a carrier has answered.
const MARGIN: Duration = Duration::from_secs(5);

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
        let findings = look(app, ready).await;
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

/// One carrier, by its name.
pub async fn examine_one(app: &App, name: &str) -> Option<Vec<Finding>> {
    let live = app.live();
    if let Some(ready) = live.carrier(name) {
        return Some(look(app, ready).await);
    }
    // Switched off, or it cannot be used: what stands in its way is found all the same.
    let sealed = live.catalog.carriers.iter().find(|sealed| sealed.carrier.name == name)?;
    Some(match app.credentials(sealed) {
        Ok(credentials) => examine_as(app, &sealed.carrier, &credentials).await,
        Err(error) => vec![Finding::bad(error.to_string())],
    })
}

/// One as it would be: nothing of it is kept, and nobody knocks for what is not there yet.
pub async fn examine_as(app: &App, carrier: &Carrier, credentials: &Credentials) -> Vec<Finding> {
    match app.try_out(carrier, credentials) {
        Ok(ready) if app.live().carrier(&carrier.name).is_some() => look(app, &ready).await,
        Ok(ready) => ready.sender.examine(app.now()).await,
        Err(what) => vec![Finding::bad(what)],
    }
}

async fn look(app: &App, ready: &Ready) -> Vec<Finding> {
    let mut findings = ready.sender.examine(app.now()).await;
    if ready.sender.reports() {
        findings.push(reachable(app, ready.name()).await);
    }
    findings
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

/// A test that was sent, or tried.
pub struct Tested {
    /// What it is followed by.
    pub id: String,
    /// What the carrier said; or why it did not take it.
    pub said: Result<String, String>,
}

/// A test that is to be sent.
pub struct Test {
    ready: Ready,
    to: Identifier,
    channel: Channel,
    /// Its row is kept like any other's, so that receipts find it.
    pub attempt: Attempt,
}

impl Test {
    /// What it is followed by.
    pub fn id(&self) -> &str {
        self.attempt.challenge.as_str()
    }
}

/// One made-up passcode by one carrier; or why nothing can be tried.
pub fn test(app: &App, carrier: &str, to: &Identifier, channel: Option<Channel>) -> Result<Test, String> {
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
    let attempt = made_up(app, ready, to, channel);
    Ok(Test { ready: ready.clone(), to: to.clone(), channel, attempt })
}

/// Sends it, once its row is kept.
pub async fn send(app: &App, test: &Test) -> Result<Tested, Fault> {
    let Test { ready, to, channel, attempt } = test;
    let mut message = deliver::write(app, attempt, *channel, to);
    message.report_to = app.receipts_url(&ready.carrier, &attempt.id);
    let handed = ready.sender.send(&message).await;
    let price = ready.carrier.price(*channel, to.reveal());
    let said = ended(app, ready, attempt, &handed, price).await?;
    Ok(Tested { id: test.id().to_owned(), said: said.map(|said| format!("{to} by {}: {said}", channel.as_str())) })
}

/// It belongs to no sign-in, so no page takes its digits.
fn made_up(app: &App, ready: &Ready, to: &Identifier, channel: Channel) -> Attempt {
    let (now, id) = (app.now(), app.entropy.connection_id().as_str().replace("conn_", "test_"));
    Attempt {
        id: app.entropy.attempt_id(now),
        challenge: ChallengeId::new(&id),
        interaction: InteractionId::new(&id),
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
        tries: 1,
        lease_until: now.plus(Duration::from_secs(ready.carrier.timeout_seconds) + MARGIN),
    }
}

/// Writes down what the carrier said, and says it.
async fn ended(
    app: &App,
    ready: &Ready,
    attempt: &Attempt,
    handed: &Handed,
    price: Micros,
) -> Result<Result<String, String>, Fault> {
    let (now, carrier) = (app.now(), ready.name().to_owned());
    let sent = |reference: Option<&String>, status| Sent {
        carrier: carrier.clone(),
        reference: reference.cloned(),
        status,
        estimate: price.0,
        bill_at: (reference.is_some() && ready.sender.bills()).then(|| now.plus(deliver::bills::FIRST)),
        ..Sent::default()
    };
    Ok(match handed {
        Handed::Accepted { reference, status, cost } => {
            store::outbox::finish_sent(&app.db, attempt, &sent(Some(reference), status.rank()), now).await?;
            if let Some(cost) = cost {
                store::outbox::change_cost(&app.db, &attempt.id, cost.amount.0, &cost.currency).await?;
            }
            Ok(format!("{} (the carrier calls it {reference})", status.as_str()))
        }
        Handed::Failed(failed) => {
            store::outbox::finish(&app.db, attempt, "failed", Some(carrier), Some(failed), now).await?;
            Err(format!("not taken: {} ({}) {}", failed.code, failed.class.as_str(), failed.detail))
        }
        Handed::Unknown(what) => {
            store::outbox::finish_sent(&app.db, attempt, &sent(None, 0), now).await?;
            Err(format!("not known whether it was taken: {what}"))
        }
    })
}
