//! How a passcode fares on its way, as the person who waits for it is told.

use super::{Channel, Class, Stood};
use crate::domain::ids::AttemptId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// On its way to the carrier.
    Sending(Channel),
    /// With the carrier.
    Sent(Channel),
    /// On the device.
    Delivered(Channel),
    /// One channel did not deliver it: the same digits are on their way by another.
    Fell { from: Channel, to: Channel },
    /// It did not arrive, and no rung is left.
    Undelivered(Channel),
    /// Too much was spent: messages that cost are paused.
    Paused(Channel),
    /// The carrier knows no such number.
    BadNumber,
    /// The person told the sender once to stop.
    OptedOut(Channel),
    /// A rule of the carrier or the country forbids it.
    Forbidden(Channel),
}

impl Progress {
    /// From a challenge's attempts, oldest first. Nothing where there are none.
    pub fn of(attempts: &[Stood]) -> Option<Self> {
        let attempts = Stood::asked_for(attempts);
        let (newest, before) = attempts.split_last()?;
        if let Some(arrived) = attempts.iter().rev().find(|one| one.status.is_some_and(|status| status.arrived())) {
            // However late: it is the same passcode.
            return Some(Self::Delivered(arrived.channel));
        }
        let channel = newest.channel;
        Some(match newest.state.as_str() {
            "failed" | "lost" | "expired" => newest.failure(),
            "sent" if newest.class.is_some() => newest.failure(),
            _ if newest.fell => Self::Fell { from: before.last().map_or(channel, |one| one.channel), to: channel },
            "sent" => Self::Sent(channel),
            _ => Self::Sending(channel),
        })
    }

    /// Whether nothing more will be told of it.
    pub fn settled(self) -> bool {
        !matches!(self, Self::Sending(_) | Self::Sent(_) | Self::Fell { .. })
    }
}

impl Stood {
    /// The attempts since the person last asked, oldest first: what came before is no news of what they asked for.
    fn asked_for(attempts: &[Self]) -> &[Self] {
        let asked = attempts.iter().rposition(|one| !one.fell).unwrap_or(0);
        attempts.get(asked..).unwrap_or_default()
    }

    /// Whether this attempt may be followed by the next rung: it is the newest, and nothing arrived since the person asked.
    pub fn may_climb(attempts: &[Self], this: &AttemptId) -> bool {
        let arrived = |one: &Self| one.status.is_some_and(|status| status.arrived());
        attempts.last().is_some_and(|newest| newest.id == *this) && !Self::asked_for(attempts).iter().any(arrived)
    }

    fn failure(&self) -> Progress {
        match (self.class, self.code.as_deref()) {
            (_, Some("cap")) => Progress::Paused(self.channel),
            (_, Some("opted_out")) => Progress::OptedOut(self.channel),
            (Some(Class::BadNumber), _) => Progress::BadNumber,
            (Some(Class::OptedOut), _) => Progress::OptedOut(self.channel),
            (Some(Class::Policy), _) => Progress::Forbidden(self.channel),
            _ => Progress::Undelivered(self.channel),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::Status;
    use crate::domain::ids::ChallengeId;
    use crate::domain::time::Time;
    use Channel::{Sms, Whatsapp};

    fn stood(channel: Channel, state: &str, status: Option<Status>, fell: bool) -> Stood {
        Stood {
            id: AttemptId::new("at_1"),
            challenge: ChallengeId::new("ch_1"),
            channel,
            state: state.into(),
            fell,
            status,
            class: None,
            code: None,
            detail: None,
            carrier: None,
            reference: None,
            created_at: Time(0),
            finished_at: None,
            reported_at: None,
            estimate: None,
            cost: None,
        }
    }

    #[test]
    fn a_message_is_told_as_it_fares() {
        let sent = stood(Whatsapp, "sent", Some(Status::Accepted), false);
        assert_eq!(Progress::of(&[]), None);
        assert_eq!(Progress::of(&[stood(Whatsapp, "queued", None, false)]), Some(Progress::Sending(Whatsapp)));
        assert_eq!(Progress::of(std::slice::from_ref(&sent)), Some(Progress::Sent(Whatsapp)));
        let next = stood(Sms, "sent", Some(Status::Sent), true);
        assert_eq!(Progress::of(&[sent.clone(), next.clone()]), Some(Progress::Fell { from: Whatsapp, to: Sms }));
        let late = Stood { status: Some(Status::Delivered), ..sent.clone() };
        assert_eq!(Progress::of(&[late, next.clone()]), Some(Progress::Delivered(Whatsapp)));
        let by_hand = Stood { fell: false, ..next };
        assert_eq!(Progress::of(&[sent.clone(), by_hand.clone()]), Some(Progress::Sent(Sms)));
        let there = Stood { status: Some(Status::Delivered), ..sent };
        assert_eq!(Progress::of(&[there, by_hand]), Some(Progress::Sent(Sms)), "they asked for another");
    }

    #[test]
    fn only_the_newest_climbs_and_only_while_nothing_arrived() {
        let one = |id: &str, status, fell| Stood { id: AttemptId::new(id), ..stood(Sms, "sent", Some(status), fell) };
        let climbs = |attempts: &[Stood], id: &str| Stood::may_climb(attempts, &AttemptId::new(id));
        let (first, second) = (one("at_1", Status::Sent, false), one("at_2", Status::Sent, true));
        assert!(climbs(std::slice::from_ref(&first), "at_1"));
        assert!(climbs(&[first.clone(), second.clone()], "at_2") && !climbs(&[first, second.clone()], "at_1"));
        let arrived = one("at_1", Status::Delivered, false);
        assert!(!climbs(&[arrived.clone(), second.clone()], "at_2"));
        assert!(climbs(&[arrived, Stood { fell: false, ..second }], "at_2"), "asked for by hand after that");
    }

    #[test]
    fn an_end_is_told_by_its_reason() {
        let failed = |class, code: &str| {
            let one = Stood { class: Some(class), code: Some(code.into()), ..stood(Sms, "failed", None, false) };
            Progress::of(&[one])
        };
        assert_eq!(failed(Class::Policy, "cap"), Some(Progress::Paused(Sms)));
        assert_eq!(failed(Class::Policy, "21408"), Some(Progress::Forbidden(Sms)));
        assert_eq!(failed(Class::BadNumber, "21211"), Some(Progress::BadNumber));
        assert_eq!(failed(Class::OptedOut, "21610"), Some(Progress::OptedOut(Sms)));
        assert_eq!(failed(Class::Busy, "503"), Some(Progress::Undelivered(Sms)));
    }
}
