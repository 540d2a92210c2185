//! What needs an operator, worst first: what stops people from signing in, then what will, then what looks odd.

use super::{Conversion, Overview};
use crate::app::{App, Live};
use crate::domain::connection::Connection;
use crate::flows::doctor;

/// How bad it is; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grave {
    /// People cannot sign in.
    Stops,
    /// They soon cannot, or some cannot.
    Threatens,
    /// It looks odd.
    Odd,
}

impl Grave {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stops => "stops",
            Self::Threatens => "threatens",
            Self::Odd => "odd",
        }
    }
}

/// One thing that needs somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    pub grave: Grave,
    /// What programs tell it by: `carrier-unusable`, `carrier-refuses`, `circuit-open`, `cap-reached`, `cap-near`, `no-carrier`,
    /// `conversion-fallen`.
    pub kind: &'static str,
    /// The carrier, connection, cap, channel or country it is about.
    pub of: String,
    /// What there is.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

/// From so much of a cap on it is told.
const NEAR: i64 = 80;
/// Fewer than these say nothing about a conversion.
const ENOUGH: i64 = 50;
/// A conversion that lost this many of a hundred has fallen.
const FALLEN: i64 = 10;

pub(super) fn of(app: &App, overview: &Overview) -> Vec<Attention> {
    let live = app.live();
    let mut all = unusable(&live);
    all.extend(ladders(&live));
    all.extend(troubles(app));
    all.extend(caps(overview));
    all.extend(fallen(overview));
    // Stable: what is as bad stays in this order.
    all.sort_by_key(|one| one.grave);
    all
}

fn unusable(live: &Live) -> Vec<Attention> {
    let all = live.unusable.iter().map(|(carrier, what)| Attention {
        // Others may carry what it carried; where none does, its ladders say so.
        grave: Grave::Threatens,
        kind: "carrier-unusable",
        of: carrier.clone(),
        what: format!("the carrier cannot be used: {what}"),
        mend: "set it up anew, or take it away".into(),
    });
    all.collect()
}

fn ladders(live: &Live) -> Vec<Attention> {
    let enabled = live.catalog.connections.iter().filter(|connection| connection.enabled);
    enabled.flat_map(|connection| ladder(live, connection)).collect()
}

/// A ladder without any carrier stops its people; one whose rung has none loses the rung.
fn ladder(live: &Live, connection: &Connection) -> Vec<Attention> {
    let closed: Vec<&str> = connection
        .ladder
        .iter()
        .filter(|channel| doctor::able(live, connection, **channel).is_empty())
        .map(|channel| channel.as_str())
        .collect();
    if closed.is_empty() {
        return Vec::new();
    }
    let all = closed.len() == connection.ladder.len();
    let what = if all {
        "no carrier that can be used carries any of its channels: nobody gets a passcode".to_owned()
    } else {
        format!("no carrier that can be used carries {}", closed.join(", "))
    };
    let grave = if all { Grave::Stops } else { Grave::Threatens };
    let mend = "declare a carrier that carries it, or take the rung away".into();
    vec![Attention { grave, kind: "no-carrier", of: connection.name.clone(), what, mend }]
}

/// As this node sees the carriers.
fn troubles(app: &App) -> Vec<Attention> {
    let all = app.health.troubles().into_iter().map(|trouble| {
        let refuses = trouble.kind == "refused";
        Attention {
            grave: if refuses { Grave::Stops } else { Grave::Threatens },
            kind: if refuses { "carrier-refuses" } else { "circuit-open" },
            of: trouble.carrier,
            what: trouble.text,
            mend: if refuses {
                "look at its credentials and senders; `countersign doctor` asks the carrier itself".into()
            } else {
                "messages go to the next carrier meanwhile; look at the carrier's own status page".into()
            },
        }
    });
    all.collect()
}

fn caps(overview: &Overview) -> Vec<Attention> {
    let near = overview.caps.iter().filter(|cap| cap.percent() >= NEAR);
    let all = near.map(|cap| {
        let reached = cap.spent >= cap.most;
        let of = if cap.of.is_empty() { String::new() } else { format!(" by {}", cap.of) };
        Attention {
            grave: if reached { Grave::Stops } else { Grave::Threatens },
            kind: if reached { "cap-reached" } else { "cap-near" },
            of: cap.name.clone(),
            what: format!("{} of {} {} spent{of}", cap.spent, cap.most, cap.currency),
            mend: if reached {
                "SMS and calls stop until its time is over: look who asks for them, then raise it".into()
            } else {
                "SMS and calls stop when it is reached: look who asks for them, then raise it".into()
            },
        }
    });
    all.collect()
}

fn fallen(overview: &Overview) -> Vec<Attention> {
    let whole = fell("all", overview.sign_ins.conversion(), overview.before.conversion(), Grave::Threatens);
    let countries = overview.countries.iter().filter(|one| !one.country.is_empty());
    let countries = countries.filter_map(|one| fell(&one.country, one.now, one.before, Grave::Odd));
    let channels = overview.channels.iter();
    let channels = channels.filter_map(|one| fell(one.channel.as_str(), one.now, one.before, Grave::Odd));
    let carriers = overview.carriers.iter().filter(|one| !one.carrier.is_empty());
    let carriers = carriers.filter_map(|one| fell(&one.carrier, one.now, one.before, Grave::Odd));
    whole.into_iter().chain(countries).chain(channels).chain(carriers).collect()
}

fn fell(of: &str, now: Conversion, before: Conversion, grave: Grave) -> Option<Attention> {
    let (is, was) = (now.percent()?, before.percent()?);
    let enough = now.asked >= ENOUGH && before.asked >= ENOUGH;
    (enough && was - is >= FALLEN).then(|| Attention {
        grave,
        kind: "conversion-fallen",
        of: of.to_owned(),
        what: format!("{is} of 100 that were asked proved their passcode; {was} in the time before"),
        mend: "look at the newest sign-ins that were not proven, and what carriers said of their messages".into(),
    })
}
