//! Who operates, and links that make operators.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::ids::{SessionId, SubjectId};
use countersign::domain::operator::{Operator, OperatorInvitation, Role};
use countersign::domain::session::Session;
use countersign::store::{operators, sessions, subjects};

both!(operators_are_seated_by_a_live_session_of_theirs, async |engine| {
    let store = Store::open(engine).await;
    let (ada, bob) = (SubjectId::new("kp_ada"), SubjectId::new("kp_bob"));
    for subject in [&ada, &bob] {
        subjects::add(&store.db, subject, at(1)).await.expect("adds");
        let operator = Operator { subject: subject.clone(), role: Role::Owner, added_at: at(2) };
        operators::add(&store.db, &operator).await.expect("adds");
    }
    let session =
        Session { id: SessionId::new("s"), subject: ada.clone(), auth_time: at(3), ended_at: None, expires_at: at(9) };
    sessions::add(&store.db, &session).await.expect("adds");
    let seated = async |subject: &SubjectId, session: &str, now| {
        operators::find_seated(&store.db, subject, &SessionId::new(session), now).await.expect("finds")
    };
    assert_eq!(seated(&ada, "s", at(8)).await, Some((Role::Owner, at(3))));
    assert_eq!(seated(&ada, "s", at(9)).await, None, "over");
    assert_eq!(seated(&bob, "s", at(8)).await, None, "somebody else's");
    assert_eq!(operators::count(&store.db, Role::Owner).await.expect("counts"), 2);
    assert!(operators::change_role(&store.db, &bob, Role::Viewer).await.expect("changes"));
    assert_eq!(operators::find(&store.db, &bob).await.expect("finds").map(|one| one.role), Some(Role::Viewer));
    assert_eq!(operators::list(&store.db).await.expect("lists").len(), 2);
    let mut tx = store.db.begin().await.expect("begins");
    assert!(subjects::change_blocked(&mut tx, &ada, true, at(4)).await.expect("blocks"));
    tx.commit().await.expect("commits");
    assert_eq!(seated(&ada, "s", at(8)).await, None, "blocked");
    assert_eq!(operators::count(&store.db, Role::Owner).await.expect("counts"), 0);
    assert!(operators::forget(&store.db, &ada).await.expect("forgets"));
    assert!(!operators::forget(&store.db, &ada).await.expect("forgets nobody"));
});

both!(a_link_is_opened_once_and_joined_by_once, async |engine| {
    let store = Store::open(engine).await;
    let minutes = |minutes: i64| at(minutes * 60);
    let invitation = OperatorInvitation {
        code_hash: "h".into(),
        role: Role::Support,
        created_at: minutes(0),
        expires_at: minutes(15),
        opened_at: None,
        joined_at: None,
    };
    operators::add_invitation(&store.db, &invitation).await.expect("adds");
    assert_eq!(operators::find_invitation(&store.db, "h").await.expect("finds"), Some(invitation));
    assert!(!operators::spend_invitation(&store.db, "h", minutes(1)).await.expect("not yet"), "not opened");
    assert!(!operators::spend_link(&store.db, "h", minutes(15)).await.expect("over"));
    assert!(operators::spend_link(&store.db, "h", minutes(14)).await.expect("opens"));
    assert!(!operators::spend_link(&store.db, "h", minutes(14)).await.expect("once"));
    assert!(!operators::spend_invitation(&store.db, "h", minutes(75)).await.expect("too late"));
    assert!(operators::spend_invitation(&store.db, "h", minutes(73)).await.expect("joins"));
    assert!(!operators::spend_invitation(&store.db, "h", minutes(73)).await.expect("once"));
    assert_eq!(operators::forget_invitations(&store.db, minutes(15)).await.expect("forgets"), 1);
});
