//! What people allowed, and what ends when they take it back.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::consent::Consent;
use countersign::domain::ids::{ClientId, SubjectId};
use countersign::domain::scope::Scope;
use countersign::store::{consents, grants};

both!(one_row_for_each_person_and_client, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let (ada, guest) = (SubjectId::new("kp_1"), ClientId::new("guest"));
    let allowed = |scope: &str, audience: &[&str], time| Consent {
        subject: ada.clone(),
        client_id: guest.clone(),
        scope: Scope::parse(scope).expect("a scope"),
        audience: audience.iter().map(|&one| one.to_owned()).collect(),
        allowed_at: at(time),
    };
    assert_eq!(consents::find(db, &ada, &guest).await.expect("finds"), None);
    let first = allowed("openid email", &[], 1);
    consents::add(db, &first).await.expect("adds");
    assert_eq!(consents::find(db, &ada, &guest).await.expect("finds"), Some(first));
    let wider = allowed("openid email offline", &["https://a.example", "https://b.example"], 2);
    consents::add(db, &wider).await.expect("adds");
    assert_eq!(consents::find(db, &ada, &guest).await.expect("finds"), Some(wider));
    assert_eq!(consents::find(db, &ada, &ClientId::new("other")).await.expect("finds"), None);
    assert_eq!(grants::revoke_client(db, &ada, &guest, at(3)).await.expect("revokes"), 0);
    assert!(consents::forget(db, &ada, &guest).await.expect("forgets"));
    assert!(!consents::forget(db, &ada, &guest).await.expect("forgets"));
});
