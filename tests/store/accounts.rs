//! People as operators handle them: looked for, made one, copied.

use crate::harness::both;
use crate::{Store, at};
use countersign::domain::challenge::{Challenge, Purpose};
use countersign::domain::consent::Consent;
use countersign::domain::delivery::Channel;
use countersign::domain::grant::Grant;
use countersign::domain::identifier::{Identifier, Kind};
use countersign::domain::ids::{ChallengeId, ClientId, GrantId, InteractionId, SessionId, SubjectId};
use countersign::domain::interaction::Interaction;
use countersign::domain::invitation::Invitation;
use countersign::domain::request::AuthRequest;
use countersign::domain::scope::Scope;
use countersign::domain::session::Session;
use countersign::domain::standard::StandardClaims;
use countersign::domain::subject::Subject;
use countersign::store::people::Beginning;
use countersign::store::{
    Db, challenges, consents, grants, interactions, invitations, memberships, opt_outs, people, sessions, subjects,
};

fn mail(text: &str) -> Identifier {
    Identifier::email(text).expect("an address")
}

async fn somebody(db: &Db, id: &str, made: i64, identifiers: &[&str], name: &str) -> SubjectId {
    let subject = SubjectId::new(id);
    subjects::add(db, &subject, at(made)).await.expect("adds");
    for text in identifiers {
        let identifier = Identifier::read(text).expect("one");
        subjects::prove_identifier(db, &identifier, &subject, at(made)).await.expect("proves");
    }
    let profile = StandardClaims { name: Some(name.into()), ..StandardClaims::default() };
    let mut tx = db.begin().await.expect("begins");
    subjects::change_profile(&mut tx, &subject, &profile, at(made)).await.expect("changes");
    tx.commit().await.expect("commits");
    subject
}

fn ids(found: Vec<Subject>) -> Vec<String> {
    found.into_iter().map(|one| one.id.as_str().to_owned()).collect()
}

fn begins(kind: Kind, identifier: &str, words: &[&str]) -> Beginning {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    Beginning { kind, identifier: identifier.into(), words }
}

both!(people_are_found_by_how_something_of_theirs_begins, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    somebody(db, "kp_1", 1, &["ada@shop.example", "+2348031234567"], "Ada Obi").await;
    somebody(db, "kp_2", 2, &["a.da@shop.example"], "Adaeze Eze").await;
    somebody(db, "kp_3", 3, &["eve@shop.example", "+2348091234567"], "Eve Óbí").await;
    subjects::change_blocked(db, &SubjectId::new("kp_3"), true, at(4)).await.expect("blocks");
    for (sought, found) in [
        (begins(Kind::Email, "ada", &["ada"]), &["kp_2", "kp_1"][..]),
        (begins(Kind::Email, "a.", &[]), &["kp_2"]),
        (begins(Kind::Email, "ada@", &[]), &["kp_1"]),
        (begins(Kind::Phone, "+23480", &[]), &["kp_3", "kp_1"]),
        (begins(Kind::Phone, "+234803", &[]), &["kp_1"]),
        (begins(Kind::Email, "", &["ada", "ob"]), &["kp_1"]),
        (begins(Kind::Email, "", &["óbí"]), &["kp_3"]),
        (begins(Kind::Email, "", &[]), &[]),
        (begins(Kind::Email, "%", &["_"]), &[]),
    ] {
        assert_eq!(ids(people::search(db, &sought, true).await.expect("finds")), found, "{sought:?}");
        let blocked: Vec<&str> = found.iter().copied().filter(|id| *id == "kp_3").collect();
        assert_eq!(ids(people::search_blocked(db, &sought).await.expect("finds")), blocked, "{sought:?}");
        let free: Vec<&str> = found.iter().copied().filter(|id| *id != "kp_3").collect();
        assert_eq!(ids(people::search(db, &sought, false).await.expect("finds")), free, "{sought:?}");
    }
    // What somebody is called now is what they are found by.
    let mut tx = db.begin().await.expect("begins");
    let renamed = StandardClaims { name: Some("Zoe".into()), ..StandardClaims::default() };
    subjects::change_profile(&mut tx, &SubjectId::new("kp_1"), &renamed, at(9)).await.expect("changes");
    tx.commit().await.expect("commits");
    assert!(people::search(db, &begins(Kind::Email, "", &["obi"]), true).await.expect("finds").is_empty());
    assert_eq!(ids(people::search(db, &begins(Kind::Email, "", &["zo"]), true).await.expect("finds")), ["kp_1"]);
});

both!(the_last_identifier_stays, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let ada = somebody(db, "kp_1", 1, &["ada@shop.example", "+2348031234567"], "Ada").await;
    let listed = people::list_identifiers(db, &ada).await.expect("lists");
    assert_eq!(
        listed.iter().map(|(one, _, _)| one.reveal()).collect::<Vec<_>>(),
        ["ada@shop.example", "+2348031234567"]
    );
    let mut tx = db.begin().await.expect("begins");
    assert!(subjects::hold(&mut tx, &ada, at(5)).await.expect("holds"));
    assert!(!subjects::hold(&mut tx, &SubjectId::new("kp_none"), at(5)).await.expect("holds nothing"));
    assert!(!people::forget_identifier(&mut tx, &ada, &mail("eve@shop.example")).await.expect("not theirs"));
    assert!(people::forget_identifier(&mut tx, &ada, &mail("ada@shop.example")).await.expect("forgets"));
    let number = Identifier::read("+2348031234567").expect("one");
    assert!(!people::forget_identifier(&mut tx, &ada, &number).await.expect("the last one"));
    tx.commit().await.expect("commits");
});

fn interaction(id: &str, made: i64) -> Interaction {
    Interaction {
        id: InteractionId::new(id),
        client_id: ClientId::new("shop"),
        request: AuthRequest::default(),
        browser: "b".into(),
        created_at: at(made),
        expires_at: at(made + 3_600),
        finished_at: None,
        proven: None,
    }
}

fn challenge(id: &str, interaction: &str, identifier: &str, browser: &str, issued: i64) -> Challenge {
    Challenge {
        id: ChallengeId::new(id),
        interaction: InteractionId::new(interaction),
        place: 1,
        purpose: Purpose::SignIn,
        identifier: Identifier::read(identifier).expect("one"),
        connection: "email".into(),
        browser: browser.into(),
        mute: false,
        issued_at: at(issued),
        expires_at: at(issued + 600),
        sends: 1,
        last_sent_at: at(issued),
        rung: 0,
        spent_at: None,
        cancelled_at: None,
        verified_by: None,
    }
}

fn grant(id: &str, subject: &SubjectId, session: &str, made: i64) -> Grant {
    Grant {
        id: GrantId::new(id),
        client_id: ClientId::new("shop"),
        subject: subject.clone(),
        session: SessionId::new(session),
        scope: Scope::parse("openid").expect("a scope"),
        nonce: None,
        audience: vec![],
        auth_time: at(made),
        redirect_uri: String::new(),
        code_challenge: None,
        code_spent_at: None,
        created_at: at(made),
        expires_at: at(made + 9_000),
        revoked_at: None,
        generation: 1,
        rotated_at: None,
        acr: None,
        claims: None,
        jkt: None,
        organization: None,
    }
}

both!(two_are_one_person_who_typed_both_passcodes_in_one_browser, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let ada = somebody(db, "kp_1", 1, &["ada@shop.example"], "Ada").await;
    let other = somebody(db, "kp_2", 1, &["obi@shop.example"], "Ada").await;
    let both = async |since| people::proved_both(db, &ada, &other, at(since)).await.expect("looks");
    for (n, (identifier, browser, spent)) in
        [("ada@shop.example", "b1", Some(100)), ("obi@shop.example", "b2", Some(110)), ("obi@shop.example", "b1", None)]
            .into_iter()
            .enumerate()
    {
        let one = challenge(&format!("ch_{n}"), &format!("in_{n}"), identifier, browser, 90);
        challenges::add(db, &one).await.expect("adds");
        if let Some(at_second) = spent {
            assert!(challenges::spend(db, &one.id, at(at_second)).await.expect("spends"));
        }
        assert!(!both(50).await, "two browsers, or not typed");
    }
    assert!(challenges::spend(db, &ChallengeId::new("ch_2"), at(120)).await.expect("spends"));
    assert!(both(50).await && both(100).await);
    assert!(!both(101).await, "one of them too long ago");
    // What hung from one hangs from the other.
    let session = Session {
        id: SessionId::new("sid_1"),
        subject: other.clone(),
        auth_time: at(1),
        expires_at: at(99),
        ended_at: None,
    };
    sessions::add(db, &session).await.expect("adds");
    grants::add(db, &grant("gr_1", &other, "sid_1", 1), &InteractionId::new("in_9"), "h", at(9)).await.expect("adds");
    let mut tx = db.begin().await.expect("begins");
    people::change_subject(&mut tx, &other, &ada).await.expect("changes");
    assert!(subjects::forget(&mut tx, &other).await.expect("forgets"));
    tx.commit().await.expect("commits");
    assert_eq!(subjects::find(db, &ada).await.expect("finds").expect("there").identifiers.len(), 2);
    assert_eq!(sessions::list_all(db, &ada).await.expect("lists").len(), 1);
    assert_eq!(grants::list_subject(db, &ada).await.expect("lists").len(), 1);
});

both!(what_somebody_did_comes_newest_first, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let ada = somebody(db, "kp_1", 1, &["ada@shop.example"], "Ada").await;
    for (n, id) in ["in_a", "in_b", "in_c", "in_d"].into_iter().enumerate() {
        interactions::add(db, &interaction(id, 10 * i64::try_from(n).expect("small"))).await.expect("adds");
    }
    // Asked twice in one, once in another; answered silently in a third; the fourth is somebody else's.
    challenges::add(db, &challenge("ch_1", "in_a", "ada@shop.example", "b", 1)).await.expect("adds");
    let second = Challenge { place: 2, ..challenge("ch_2", "in_a", "ada@shop.example", "b", 2) };
    challenges::add(db, &second).await.expect("adds");
    challenges::add(db, &challenge("ch_3", "in_b", "eve@shop.example", "b", 12)).await.expect("adds");
    challenges::add(db, &challenge("ch_4", "in_d", "ada@shop.example", "b", 31)).await.expect("adds");
    grants::add(db, &grant("gr_1", &ada, "", 21), &InteractionId::new("in_c"), "h", at(99)).await.expect("adds");
    let page = async |before: (i64, &str), most| {
        let rows = people::list_sign_ins(db, &ada, (at(before.0), before.1), most).await.expect("lists");
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(page((99_999, ""), 9).await, ["in_d", "in_c", "in_a"]);
    assert_eq!(page((3_630, "in_d"), 1).await, ["in_c"]);
});

both!(what_is_known_of_somebody_is_listed, async |engine| {
    let store = Store::open(engine).await;
    let db = &store.db;
    let ada = somebody(db, "kp_1", 1, &["ada@shop.example"], "Ada").await;
    memberships::change(db, &ada, "org_b", &["clerk".into()], &["read".into()], at(7)).await.expect("joins");
    let joined = memberships::list(db, &ada).await.expect("lists");
    assert_eq!(joined, [("org_b".to_owned(), vec!["clerk".to_owned()], vec!["read".to_owned()], at(7))]);
    let consent = Consent {
        subject: ada.clone(),
        client_id: ClientId::new("shop"),
        scope: Scope::parse("openid email").expect("a scope"),
        audience: vec!["https://api.example".into()],
        allowed_at: at(3),
    };
    consents::add(db, &consent).await.expect("adds");
    assert_eq!(consents::list(db, &ada).await.expect("lists"), [consent]);
    opt_outs::add(db, &mail("ada@shop.example"), Channel::Email, "smtp", at(4)).await.expect("adds");
    let closed = opt_outs::list(db, &mail("ada@shop.example")).await.expect("lists");
    assert_eq!(closed, [("email".to_owned(), "smtp".to_owned(), at(4))]);
    let invitation = Invitation {
        code_hash: "h".into(),
        email: mail("ada@shop.example"),
        profile: StandardClaims::default(),
        organization: "org_b".into(),
        roles: vec![],
        created_at: at(1),
        expires_at: at(9),
        spent_at: None,
    };
    invitations::add(db, &invitation).await.expect("adds");
    assert_eq!(invitations::list_email(db, "ada@shop.example").await.expect("lists"), [invitation]);
});
