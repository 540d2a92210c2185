//! Who is signed in to this app, in memory, by the random cookie `demo_session`. A restart forgets everybody; the
//! provider's own session then signs them in again without a question.

use super::provider::{Pending, SignedIn};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use openidconnect::CsrfToken;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard};

/// Cookies ignore ports: this name must not be one the provider uses on the same host.
const COOKIE: &str = "demo_session";
/// Sessions kept at once, and sign-ins under way in one of them; past that the oldest goes.
const SESSIONS: usize = 1_000;
const PENDING: usize = 8;

#[derive(Default)]
pub struct Session {
    pending: VecDeque<(String, Pending)>,
    pub signed_in: Option<SignedIn>,
    /// Said once on the next page.
    pub notice: Option<String>,
}

impl Session {
    pub fn await_answer(&mut self, state: String, pending: Pending) {
        if self.pending.len() == PENDING {
            self.pending.pop_front();
        }
        self.pending.push_back((state, pending));
    }

    /// What was remembered under this state; each is given once.
    pub fn answered(&mut self, state: &str) -> Option<Pending> {
        let place = self.pending.iter().position(|(known, _)| known == state)?;
        self.pending.remove(place).map(|(_, pending)| pending)
    }
}

#[derive(Default)]
pub struct Sessions(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_id: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
}

impl Sessions {
    /// Reads or changes this browser's session, if it has one.
    pub fn with<T>(&self, jar: &CookieJar, look: impl FnOnce(&mut Session) -> T) -> Option<T> {
        self.kept().by_id.get_mut(jar.get(COOKIE)?.value()).map(look)
    }

    /// This browser's session, made if there is none yet.
    pub fn open(&self, jar: CookieJar, secure: bool, look: impl FnOnce(&mut Session)) -> CookieJar {
        let mut kept = self.kept();
        if let Some(session) = jar.get(COOKIE).and_then(|cookie| kept.by_id.get_mut(cookie.value())) {
            look(session);
            return jar;
        }
        let mut session = Session::default();
        look(&mut session);
        jar.add(cookie(kept.add(session), secure))
    }

    /// Moves the session to a new cookie: what was known before a sign-in must not be worth anything after it.
    pub fn renew(&self, jar: CookieJar, secure: bool, look: impl FnOnce(&mut Session)) -> CookieJar {
        let mut kept = self.kept();
        let mut session = jar.get(COOKIE).and_then(|cookie| kept.forget(cookie.value())).unwrap_or_default();
        look(&mut session);
        jar.add(cookie(kept.add(session), secure))
    }

    /// Ends the session and gives back who was signed in.
    pub fn end(&self, jar: &CookieJar) -> Option<SignedIn> {
        self.kept().forget(jar.get(COOKIE)?.value())?.signed_in
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Kept {
    fn add(&mut self, session: Session) -> String {
        let id = CsrfToken::new_random_len(32).into_secret();
        self.by_id.insert(id.clone(), session);
        self.oldest_first.push_back(id.clone());
        while self.oldest_first.len() > SESSIONS {
            if let Some(oldest) = self.oldest_first.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
        id
    }

    fn forget(&mut self, id: &str) -> Option<Session> {
        self.oldest_first.retain(|known| known != id);
        self.by_id.remove(id)
    }
}

/// The cookie to drop when the session is over.
pub fn removal() -> Cookie<'static> {
    Cookie::build(COOKIE).path("/").build()
}

fn cookie(id: String, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, id)).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openidconnect::{Nonce, PkceCodeVerifier};

    fn pending() -> Pending {
        Pending { nonce: Nonce::new("n".to_owned()), verifier: PkceCodeVerifier::new("v".repeat(43)) }
    }

    #[test]
    fn a_state_is_answered_once_and_only_in_its_own_session() {
        let sessions = Sessions::default();
        let mine = sessions.open(CookieJar::new(), false, |session| session.await_answer("a".to_owned(), pending()));
        let other = sessions.open(CookieJar::new(), false, |_| ());
        let answered = |jar: &CookieJar| sessions.with(jar, |session| session.answered("a")).flatten().is_some();
        assert!(!answered(&other));
        assert!(answered(&mine));
        assert!(!answered(&mine));
    }

    #[test]
    fn signing_in_moves_the_session_to_a_new_cookie() {
        let sessions = Sessions::default();
        let before = sessions.open(CookieJar::new(), false, |_| ());
        let after = sessions.renew(before.clone(), false, |session| session.notice = Some("hello".to_owned()));
        assert_ne!(before.get(COOKIE).map(Cookie::value), after.get(COOKIE).map(Cookie::value));
        assert!(sessions.with(&before, |_| ()).is_none());
        assert_eq!(sessions.with(&after, |session| session.notice.take()).flatten().as_deref(), Some("hello"));
    }

    #[test]
    fn the_oldest_sessions_and_sign_ins_go_first() {
        let sessions = Sessions::default();
        let first = sessions.open(CookieJar::new(), false, |_| ());
        let mut last = CookieJar::new();
        for _ in 0..SESSIONS {
            last = sessions.open(CookieJar::new(), false, |_| ());
        }
        assert!(sessions.with(&first, |_| ()).is_none());
        let kept = sessions.with(&last, |session| {
            for state in 0..=PENDING {
                session.await_answer(state.to_string(), pending());
            }
            (session.answered("0").is_some(), session.answered("1").is_some())
        });
        assert_eq!(kept, Some((false, true)));
    }
}
