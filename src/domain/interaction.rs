//! An authorization waiting on a person, and the one pure rule of what it needs next.

use super::challenge::Challenge;
use super::ids::{ClientId, InteractionId, SessionId, SubjectId};
use super::request::AuthRequest;
use super::session::Session;
use super::time::Time;
use std::time::Duration;

/// How long a person may take, from the app's button to the answer.
pub const LIFE: Duration = Duration::from_secs(60 * 60);
/// How long a finished or expired one is remembered, so that a Back button finds a page that knows where things stand.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Debug)]
pub struct Interaction {
    pub id: InteractionId,
    pub client_id: ClientId,
    pub request: AuthRequest,
    /// Hash of the browser cookie it began in.
    pub browser: String,
    pub created_at: Time,
    pub expires_at: Time,
    pub finished_at: Option<Time>,
    /// The session its own passcode began: kept where another step follows the proof.
    pub proven: Option<SessionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Who are you?
    Identify,
    /// Type the passcode.
    Prove,
    /// Allow the client what it asks for.
    Consent,
    /// All is known: give the client its code.
    Answer,
}

/// What the next step depends on.
#[derive(Debug)]
pub struct Facts<'a> {
    pub session: Option<&'a Session>,
    /// Whether the session's subject has to allow the client something first.
    pub asks_consent: bool,
    pub challenge: Option<&'a Challenge>,
    pub now: Time,
}

impl Interaction {
    pub fn next(&self, facts: &Facts<'_>) -> Step {
        if facts.session.is_some_and(|session| self.satisfied_by(session, facts)) {
            return if facts.asks_consent { Step::Consent } else { Step::Answer };
        }
        match facts.challenge {
            Some(challenge) if challenge.live(facts.now) => Step::Prove,
            _ => Step::Identify,
        }
    }

    /// Whether a session answers this request: fresh enough, and of whom the client means (OpenID Connect Core §3.1.2.1, .3).
    fn satisfied_by(&self, session: &Session, facts: &Facts<'_>) -> bool {
        if self.proven.as_ref() == Some(&session.id) {
            return true;
        }
        // A `max_age` of 0 is `prompt=login`: the very second of the last proof is too long ago.
        let age = facts.now.secs() - session.auth_time.secs();
        let fresh = self.request.max_age.is_none_or(|limit| limit > 0 && age <= i64::from(limit));
        let meant = self.request.hinted_subject.as_ref().is_none_or(|hinted| hinted == session.subject.as_str());
        fresh && meant && !self.request.prompt.wants_fresh_proof()
    }

    /// Whether the client named somebody else than who has now signed in.
    pub fn means_another(&self, subject: &SubjectId) -> bool {
        self.request.hinted_subject.as_ref().is_some_and(|hinted| hinted != subject.as_str())
    }

    pub fn expired(&self, now: Time) -> bool {
        now >= self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{Client, ClientKind};
    use crate::domain::{callback::Callback, params::Params};

    fn interaction(query: &str) -> Interaction {
        let mut client = Client::new(ClientId::new("shop"), "Shop", ClientKind::Web);
        client.redirect_uris = vec!["https://a.example/cb".into()];
        let params = Params::parse(
            format!("client_id=shop&response_type=code&scope=openid&redirect_uri=https://a.example/cb&{query}")
                .as_bytes(),
        );
        let callback = Callback::prove(&client, &params, "https://i.example").expect("registered");
        let mut request = AuthRequest::read(&params, &client, &callback).expect("a good request");
        request.hinted_subject = params.get("hinted").map(str::to_owned);
        Interaction {
            id: InteractionId::new("in_1"),
            client_id: client.id,
            request,
            browser: "b".into(),
            created_at: Time(0),
            expires_at: Time(9_000_000),
            finished_at: None,
            proven: None,
        }
    }

    fn session(auth_time: i64) -> Session {
        Session {
            id: SessionId::new("sid_1"),
            subject: SubjectId::new("kp_1"),
            auth_time: Time::from_secs(auth_time),
            ended_at: None,
            expires_at: Time::from_secs(100_000),
        }
    }

    fn next(query: &str, session: Option<&Session>, proven_here: Option<&SessionId>, now: i64) -> Step {
        let interaction = Interaction { proven: proven_here.cloned(), ..interaction(query) };
        interaction.next(&Facts { session, asks_consent: false, challenge: None, now: Time::from_secs(now) })
    }

    /// No answer, and no question what is allowed either, from a session that is not enough.
    #[test]
    fn consent_comes_after_who_it_is_and_opens_nothing_by_itself() {
        let (ten, now) = (session(10), Time::from_secs(20));
        let asked = |query: &str, session, proven: Option<&SessionId>| {
            let interaction = Interaction { proven: proven.cloned(), ..interaction(query) };
            interaction.next(&Facts { session, asks_consent: true, challenge: None, now })
        };
        assert_eq!(asked("", None, None), Step::Identify);
        assert_eq!(asked("", Some(&ten), None), Step::Consent);
        for fresh in ["prompt=login", "prompt=login+consent", "max_age=5", "hinted=kp_2"] {
            assert_eq!(asked(fresh, Some(&ten), None), Step::Identify, "{fresh}");
            assert_eq!(asked(fresh, Some(&ten), Some(&SessionId::new("sid_2"))), Step::Identify, "{fresh}");
            assert_eq!(asked(fresh, Some(&ten), Some(&ten.id)), Step::Consent, "{fresh}");
        }
    }

    #[test]
    fn a_session_answers_only_what_it_satisfies() {
        let ten = session(10);
        assert_eq!(next("", None, None, 20), Step::Identify);
        assert_eq!(next("", Some(&ten), None, 20), Step::Answer);
        assert_eq!(next("max_age=10", Some(&ten), None, 20), Step::Answer);
        assert_eq!(next("max_age=10", Some(&ten), None, 21), Step::Identify);
        assert_eq!(next("max_age=0", Some(&ten), None, 10), Step::Identify);
        assert_eq!(next("hinted=kp_1", Some(&ten), None, 20), Step::Answer);
        assert_eq!(next("hinted=kp_2", Some(&ten), None, 20), Step::Identify);
        for prompt in ["login", "create", "select_account", "login+consent"] {
            assert_eq!(next(&format!("prompt={prompt}"), Some(&ten), None, 20), Step::Identify, "{prompt}");
            assert_eq!(next(&format!("prompt={prompt}"), Some(&ten), Some(&ten.id), 20), Step::Answer, "{prompt}");
            assert_eq!(
                next(&format!("prompt={prompt}"), Some(&ten), Some(&SessionId::new("sid_2")), 20),
                Step::Identify,
                "{prompt}"
            );
        }
    }
}
