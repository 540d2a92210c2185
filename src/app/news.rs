//! Who waits for news of a challenge on this node: pages that show live how their message fares.

use crate::domain::ids::ChallengeId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

#[derive(Clone, Default)]
pub struct News(Arc<Mutex<HashMap<ChallengeId, Arc<Notify>>>>);

/// Ends listening when dropped.
pub struct Listening {
    news: News,
    challenge: ChallengeId,
    bell: Arc<Notify>,
}

impl News {
    fn listeners(&self) -> std::sync::MutexGuard<'_, HashMap<ChallengeId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn listen(&self, challenge: &ChallengeId) -> Listening {
        let bell = self.listeners().entry(challenge.clone()).or_default().clone();
        Listening { news: self.clone(), challenge: challenge.clone(), bell }
    }

    pub fn tell(&self, challenge: &ChallengeId) {
        if let Some(bell) = self.listeners().get(challenge) {
            bell.notify_waiters();
        }
    }

    pub fn count(&self) -> usize {
        self.listeners().len()
    }
}

impl Listening {
    /// What happens after this is made is heard by awaiting it.
    pub fn heard(&self) -> impl Future<Output = ()> + '_ {
        self.bell.notified()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut listeners = self.news.listeners();
        // The map's own and this one: nobody else listens.
        if Arc::strong_count(&self.bell) <= 2 {
            listeners.remove(&self.challenge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_who_listen_hear_and_none_are_left_behind() {
        let (news, id) = (News::default(), ChallengeId::new("ch_1"));
        let (one, two) = (news.listen(&id), news.listen(&id));
        {
            let (a, b) = (one.heard(), two.heard());
            tokio::pin!(a, b);
            assert!(futures_util::poll!(&mut a).is_pending() && futures_util::poll!(&mut b).is_pending());
            news.tell(&ChallengeId::new("ch_2"));
            assert!(futures_util::poll!(&mut a).is_pending());
            news.tell(&id);
            a.await;
            b.await;
        }
        drop(one);
        assert_eq!(news.count(), 1);
        drop(two);
        assert_eq!(news.count(), 0);
    }
}
