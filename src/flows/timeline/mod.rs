//! The story of a sign-in, told from what its rows say: the page, the challenge, each attempt and what carriers made of it, the
//! digits, the token. Identifiers are masked. Codes are explained, and at the end stands what to try next.

mod advice;

pub use advice::Advice;

use super::Fault;
use crate::app::App;
use crate::domain::challenge::Challenge;
use crate::domain::delivery::{Explained, Status, Stood};
use crate::domain::identifier::Identifier;
use crate::domain::interaction::Interaction;
use crate::domain::timeline::{Line, Moment, What};
use crate::store;
use crate::store::interactions::Found;

pub struct Story {
    pub interaction: Interaction,
    /// The newest passcode asked for in it.
    pub challenge: Option<Challenge>,
    pub lines: Vec<Line>,
    pub advice: Advice,
}

/// The stories of this identifier's newest interactions, newest first.
pub async fn of_identifier(app: &App, identifier: &Identifier) -> Result<Vec<Story>, Fault> {
    let mut stories = Vec::new();
    for id in store::challenges::list_interactions(&app.db, identifier).await? {
        stories.extend(of_interaction(app, id.as_str()).await?);
    }
    Ok(stories)
}

pub async fn of_interaction(app: &App, id: &str) -> Result<Option<Story>, Fault> {
    let Some(Found { interaction, challenge, attempts }) = store::interactions::find(&app.db, id).await? else {
        return Ok(None);
    };
    let device = interaction.request.device.is_some();
    let began = match (device, interaction.request.trial) {
        (true, _) => "code of a device typed, of",
        (false, true) => "tried from the portal: sign-in page shown for",
        (false, false) => "sign-in page shown for",
    };
    let began = format!("{began} {}, in {}", interaction.client_id, languages(&interaction));
    let mut lines = vec![line(interaction.created_at.0, began)];
    for challenge in store::challenges::list(&app.db, &interaction.id).await? {
        of_challenge(&challenge, &mut lines);
    }
    let tried = store::attempts::list_of_interaction(&app.db, &interaction.id).await?;
    of_attempts(app, &tried, &mut lines);
    let moments = store::moments::list(&app.db, &interaction.id).await?;
    lines.extend(moments.iter().map(|moment| of_moment(app, moment, &tried)));
    if let Some(at) = interaction.finished_at {
        let denied = moments.iter().any(|moment| moment.what == What::Denied);
        lines.push(line(at.0, answered(device, denied).to_owned()));
    }
    for (given, swapped) in store::grants::list_times(&app.db, &interaction.id).await? {
        let given_to = if device { "tokens granted to the device" } else { "authorization code given" };
        lines.push(line(given.0, given_to.to_owned()));
        lines.extend(swapped.map(|at| line(at.0, "token issued".to_owned())));
    }
    // Stable: what happened in the same millisecond stays in the order of the story.
    lines.sort_by_key(|line| line.at);
    once(&mut lines);
    let advice = advice::of(app, &interaction, challenge.as_ref(), &attempts, &moments);
    Ok(Some(Story { interaction, challenge, lines, advice }))
}

/// A refusal, the end of its message and the next rung all name the same code: the first explains it.
fn once(lines: &mut [Line]) {
    let mut said: Vec<Explained> = Vec::new();
    for explained in lines.iter_mut().map(|line| &mut line.explained) {
        match explained {
            Some(known) if said.contains(known) => *explained = None,
            Some(known) => said.push(*known),
            None => {}
        }
    }
}

/// What a carrier's code means; `class` is what was made of it.
fn explained(app: &App, carrier: Option<&str>, code: &str, tried: &[Stood]) -> Option<Explained> {
    let live = app.live();
    let known = carrier.and_then(|name| live.catalog.carriers.iter().find(|sealed| sealed.carrier.name == name));
    let class = tried.iter().find(|attempt| attempt.code.as_deref() == Some(code)).and_then(|attempt| attempt.class);
    Explained::of(known.map(|sealed| sealed.carrier.kind.as_str()), code, class)
}

fn answered(device: bool, denied: bool) -> &'static str {
    match (device, denied) {
        (false, false) => "answered: back to the app",
        (false, true) => "answered: back to the app, with an error",
        (true, false) => "answered: the device may go on",
        (true, true) => "answered: the device gets nothing",
    }
}

fn line(at: i64, text: String) -> Line {
    Line { at: crate::domain::time::Time(at), text, estimate: None, cost: None, explained: None }
}

fn languages(interaction: &Interaction) -> String {
    let asked = interaction.request.languages.join(" ");
    if asked.is_empty() { "the browser's language".to_owned() } else { asked }
}

fn of_challenge(challenge: &Challenge, lines: &mut Vec<Line>) {
    let muted = if challenge.mute { "; nothing is sent, as sign-up is closed and nobody has it" } else { "" };
    lines.push(line(
        challenge.issued_at.0,
        format!("passcode asked for by {} ({}){muted}", challenge.identifier, challenge.connection),
    ));
    if let Some(at) = challenge.cancelled_at {
        lines.push(line(at.0, "passcode cancelled: tried too often, or another was asked for".to_owned()));
    }
    if let Some(at) = challenge.spent_at {
        lines.push(line(at.0, "passcode typed, right".to_owned()));
    }
}

pub(in crate::flows) fn of_attempts(app: &App, tried: &[Stood], lines: &mut Vec<Line>) {
    for attempt in tried {
        let (channel, carrier) = (attempt.channel.as_str(), attempt.carrier.as_deref().unwrap_or("no carrier"));
        lines.push(line(attempt.created_at.0, format!("to be sent by {channel}")));
        let Some(at) = attempt.finished_at else { continue };
        let mut told = line(at.0, ended(attempt, channel, carrier));
        if attempt.state == "sent" {
            (told.estimate, told.cost) = (attempt.estimate, attempt.cost.clone());
        } else if let Some(code) = &attempt.code {
            told.explained = explained(app, attempt.carrier.as_deref(), code, tried);
        }
        lines.push(told);
    }
}

fn ended(attempt: &Stood, channel: &str, carrier: &str) -> String {
    let why = [attempt.code.as_deref(), attempt.detail.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    match attempt.state.as_str() {
        "sent" if attempt.status.is_none() => {
            format!("handed to {carrier} by {channel}; whether it took it is not known")
        }
        "sent" => {
            let reference =
                attempt.reference.as_deref().map(|reference| format!(" as {reference}")).unwrap_or_default();
            format!("taken by {carrier} for {channel}{reference}")
        }
        "expired" => "not sent: the passcode had expired".to_owned(),
        "dropped" => "not sent: the passcode was used, or given up".to_owned(),
        state => format!("{channel} {state}: {why}"),
    }
}

pub(in crate::flows) fn of_moment(app: &App, moment: &Moment, tried: &[Stood]) -> Line {
    let carrier = moment.carrier.as_deref().unwrap_or("the carrier");
    let channel = moment.channel.map_or("", |channel| channel.as_str());
    let code = moment.code.as_deref().unwrap_or("no code");
    let detail = moment.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    let text = match moment.what {
        What::Refused => format!("{channel} refused by {carrier} with {code}{detail}"),
        What::Unknown => format!("the line to {carrier} broke{detail}"),
        What::PassedOver => format!("{carrier} passed over for {channel}: it fails, or too much is on its way to it"),
        What::Opened => format!("{carrier} fails by {channel} so often that it is left alone for a while"),
        What::Receipt => match Status::parse(code) {
            Some(Status::Undelivered) => format!("{channel} not delivered, says {carrier}{detail}"),
            _ => format!("{channel} {code}, says {carrier}{detail}"),
        },
        What::Fell => format!("next rung after {channel} ({code}){detail}"),
        What::Stopped => format!("no rung left after {channel} ({code})"),
        What::Mistyped => "wrong digits typed".to_owned(),
        What::Denied => denied(code),
    };
    let codes = matches!(moment.what, What::Refused | What::Fell | What::Stopped);
    let code = match moment.what {
        What::PassedOver | What::Opened => Some("passed_over"),
        What::Unknown => Some("no_receipt"),
        What::Receipt if Status::parse(code) == Some(Status::Undelivered) => {
            let attempt = tried.iter().find(|attempt| moment.attempt.as_ref() == Some(&attempt.id));
            attempt.and_then(|attempt| attempt.code.as_deref())
        }
        _ => Some(code).filter(|_| codes && moment.code.is_some()),
    };
    let explained = code.and_then(|code| explained(app, moment.carrier.as_deref(), code, tried));
    Line { explained, ..line(moment.at.0, text) }
}

fn denied(why: &str) -> String {
    match why {
        "person" => "the person said no".to_owned(),
        "over" => "nothing given: the device's code had expired, or was answered elsewhere".to_owned(),
        "blocked" => "refused: the account may not sign in, or there is none and sign-up is closed".to_owned(),
        "another_subject" => "refused: somebody else than the app asked for".to_owned(),
        "no_member" => "refused: no member of the organization".to_owned(),
        "invitation_used" => "refused: the invitation was used".to_owned(),
        other => format!("refused: {other}"),
    }
}
