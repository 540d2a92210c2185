//! Carriers looked after by operators: examined as they are or as they would be, given what they need from us, tried by a message.

use super::again::{Asked, Before};
use super::change::Key;
use super::{audit, check};
use crate::app::App;
use crate::delivery::Finding;
use crate::domain::audit::{Act, By};
use crate::domain::carrier::Carrier;
use crate::domain::declaration::{Mistake, Noun};
use crate::domain::delivery::{Channel, Status, Stood};
use crate::domain::identifier::Identifier;
use crate::domain::ids::{ChallengeId, InteractionId};
use crate::domain::timeline::Line;
use crate::flows::carriers::{self, Tested};
use crate::flows::{Fault, timeline};
use crate::store;
use serde_json::{Value, json};
use std::time::Duration;

/// Nobody waits longer for a receipt of a test.
const WAITED: Duration = Duration::from_secs(5 * 60);

pub enum Checked {
    Findings(Vec<Finding>),
    /// So it could not even be declared.
    Wrong(Vec<Mistake>),
    Unknown,
}

/// Looks at a carrier as it would be with this given, and keeps nothing of it. `name` is of one there is.
pub async fn check(app: &App, by: &By, name: Option<&str>, given: Value) -> Result<Checked, Fault> {
    if name.is_some_and(|name| !is_declared(app, name)) {
        return Ok(Checked::Unknown);
    }
    let wanted = match check::draft(app, Noun::Carrier, name, given).await? {
        Ok(wanted) => wanted,
        Err(mistakes) => return Ok(Checked::Wrong(mistakes)),
    };
    let Some((carrier, credentials)) = wanted.carriers.into_iter().next() else { return Ok(Checked::Unknown) };
    note(app, by, "check", &carrier.name).await?;
    Ok(Checked::Findings(carriers::examine_as(app, &carrier, &credentials).await))
}

fn is_declared(app: &App, name: &str) -> bool {
    app.live().catalog.carriers.iter().any(|sealed| sealed.carrier.name == name)
}

/// Looks at one there is.
pub async fn examine(app: &App, by: &By, name: &str) -> Result<Option<Vec<Finding>>, Fault> {
    let Some(findings) = carriers::examine_one(app, name).await else { return Ok(None) };
    note(app, by, "check", name).await?;
    Ok(Some(findings))
}

/// Makes what it needs from us, such as templates; says what came of each.
pub async fn sync(app: &App, by: &By, name: &str) -> Result<Option<Vec<Finding>>, Fault> {
    if !is_declared(app, name) {
        return Ok(None);
    }
    let synced = carriers::sync(app, Some(name)).await.into_iter().next();
    note(app, by, "sync", name).await?;
    let off = || vec![Finding::bad("it cannot be used now; look at its settings")];
    Ok(Some(synced.map_or_else(off, |synced| synced.findings)))
}

/// Why no test was sent.
pub enum Untried {
    Why(String),
    /// The key stood for another request.
    KeyReused,
}

/// Sends one made-up passcode; what becomes of it can be followed by the attempt. Its row, the entry in the book and the key are
/// there before the carrier is asked: the same request again sends nothing.
pub async fn test(
    app: &App,
    by: &By,
    name: &str,
    to: &Identifier,
    channel: Option<Channel>,
    key: Option<Key>,
) -> Result<Result<Tested, Untried>, Fault> {
    let mut tx = app.db.begin().await?;
    let what = json!({ "to": to.reveal(), "channel": channel.map(Channel::as_str) });
    let asked = key.map(|key| Asked::of(key, &format!("test {name}"), &what));
    if let Some(asked) = &asked {
        match asked.before::<String>(app, &mut tx).await? {
            Before::Nothing => {}
            Before::Answered(id) => {
                drop(tx);
                return Ok(Ok(before(app, name, id).await?));
            }
            Before::Another => return Ok(Err(Untried::KeyReused)),
        }
    }
    let test = match carriers::test(app, name, to, channel) {
        Ok(test) => test,
        Err(why) => return Ok(Err(Untried::Why(why))),
    };
    store::outbox::add_held(&mut tx, &test.attempt).await?;
    if let Some(asked) = asked {
        asked.keep(app, &mut tx, &test.id()).await?;
    }
    // Masked: the book is for ever.
    audit::write(app, &mut tx, by, vec![act("test", name, Some(json!({ "to": to.to_string() })))]).await?;
    tx.commit().await?;
    Ok(Ok(carriers::send(app, &test).await?))
}

/// One that was sent when it was asked for first.
async fn before(app: &App, name: &str, id: String) -> Result<Tested, Fault> {
    let standing = follow(app, name, &id).await?.map(|followed| followed.standing());
    let said = match standing {
        Some(Standing::Sending) => Ok("on its way to the carrier"),
        Some(Standing::Sent | Standing::Delivered | Standing::Undelivered) => Ok("the carrier took it"),
        Some(Standing::Refused) => Err("not taken"),
        Some(Standing::Unknown) | None => Err("not known whether it was taken"),
    };
    Ok(Tested { id, said: said.map(str::to_owned).map_err(str::to_owned) })
}

/// A test message, and all that was heard of it.
pub struct Followed {
    pub stood: Stood,
    pub lines: Vec<Line>,
    /// Nothing more is to come.
    pub over: bool,
}

/// Where a test has got to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On its way to the carrier.
    Sending,
    /// The carrier has it, and has said no more yet.
    Sent,
    Delivered,
    /// The carrier had it, and could not deliver it.
    Undelivered,
    /// The carrier did not take it.
    Refused,
    /// The line broke: nobody knows whether the carrier has it.
    Unknown,
}

impl Standing {
    pub const ALL: [Self; 6] =
        [Self::Sending, Self::Sent, Self::Delivered, Self::Undelivered, Self::Refused, Self::Unknown];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    fn is_last(self) -> bool {
        !matches!(self, Self::Sending | Self::Sent)
    }
}

impl Followed {
    pub fn standing(&self) -> Standing {
        standing(&self.stood)
    }
}

fn standing(stood: &Stood) -> Standing {
    match (stood.state.as_str(), stood.status) {
        (_, Some(Status::Undelivered)) => Standing::Undelivered,
        (_, Some(Status::Delivered)) => Standing::Delivered,
        ("sending", _) => Standing::Sending,
        ("failed", _) => Standing::Refused,
        ("sent", None) => Standing::Unknown,
        _ => Standing::Sent,
    }
}

/// Only tests: what people were sent stands with their sign-in.
pub async fn follow(app: &App, name: &str, attempt: &str) -> Result<Option<Followed>, Fault> {
    let Some(own) = attempt.strip_prefix("test_").filter(|own| own.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    else {
        return Ok(None);
    };
    let id = format!("test_{own}");
    let stood = store::attempts::list(&app.db, &ChallengeId::new(&id)).await?.into_iter().next();
    let Some(stood) = stood.filter(|stood| stood.carrier.as_deref().is_none_or(|carrier| carrier == name)) else {
        return Ok(None);
    };
    let (tried, mut lines) = (vec![stood], Vec::new());
    timeline::of_attempts(app, &tried, &mut lines);
    let moments = store::moments::list(&app.db, &InteractionId::new(&id)).await?;
    lines.extend(moments.iter().map(|moment| timeline::of_moment(app, moment, &tried)));
    lines.sort_by_key(|line| line.at);
    let over = |stood: &Stood| standing(stood).is_last() || app.now().since(stood.created_at) > WAITED;
    Ok(tried.into_iter().next().map(|stood| Followed { over: over(&stood), stood, lines }))
}

/// How a carrier does on this node, and what it needs from whoever sets it up.
pub struct Condition {
    pub carrier: Carrier,
    /// The address its receipts go to: to be pasted where the carrier asks for it.
    pub receipts: String,
    /// Why nothing is sent by it now.
    pub unusable: Option<String>,
    pub channels: Vec<Channel>,
    /// The last five minutes, a channel and a country each.
    pub figures: Vec<Figures>,
}

pub struct Figures {
    pub channel: Channel,
    pub country: String,
    pub tried: u32,
    pub good: u32,
    pub took: Duration,
    /// Left alone for a while: it fails.
    pub open: bool,
}

pub fn condition(app: &App, name: &str) -> Option<Condition> {
    let live = app.live();
    let carrier = live.catalog.carriers.iter().find(|sealed| sealed.carrier.name == name)?.carrier.clone();
    let unusable = live.unusable.iter().find(|(known, _)| known == name).map(|(_, why)| why.clone());
    let off = live.carrier(name).is_none().then(|| "It is switched off, or not allowed here.".to_owned());
    let figures = app.health.figures(app.now()).into_iter().filter(|one| one.carrier == name);
    Some(Condition {
        receipts: app.receipts_address(name),
        unusable: unusable.or(off),
        channels: Channel::ALL.into_iter().filter(|channel| carrier.kind.carries(*channel)).collect(),
        figures: figures
            .map(|one| Figures {
                channel: one.channel,
                country: one.country,
                tried: one.tried,
                good: one.good,
                took: one.took,
                open: app.health.is_open(name, one.channel),
            })
            .collect(),
        carrier,
    })
}

async fn note(app: &App, by: &By, what: &'static str, name: &str) -> Result<(), Fault> {
    let mut tx = app.db.begin().await?;
    audit::write(app, &mut tx, by, vec![act(what, name, None)]).await?;
    Ok(tx.commit().await?)
}

fn act(act: &'static str, name: &str, after: Option<Value>) -> Act {
    Act { act, noun: Noun::Carrier.as_str(), name: name.to_owned(), before: None, after }
}
