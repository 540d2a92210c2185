//! A thousand at once: whatever may be done once is done once, and guesses are counted before they are compared.

use crate::harness::machine::{Answer, Machine};
use crate::harness::rp::{identify, sign_in};
use crate::harness::{House, Page, SHOP, Visitor, both};
use crate::rows::Rows;
use countersign::telemetry::Outcome;
use reqwest::Method;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::Barrier;

const MANY: usize = 1_000;
const PHONE: &str = "+2348031234567";

/// Runs all of them at once: nobody starts before everybody is there.
async fn storm<T: Send + 'static, F: Future<Output = T> + Send + 'static>(runs: impl Iterator<Item = F>) -> Vec<T> {
    let runs: Vec<F> = runs.collect();
    let gate = Arc::new(Barrier::new(runs.len()));
    let tasks: Vec<_> = runs
        .into_iter()
        .map(|run| {
            let gate = gate.clone();
            tokio::spawn(async move {
                gate.wait().await;
                run.await
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no panic"));
    }
    results
}

/// The same post, this often, from one browser.
async fn posts(visitor: &Visitor, count: usize, url: &str, fields: &[(&str, &str)]) -> Vec<Page> {
    let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    storm((0..count).map(|_| {
        let (mut visitor, url, fields) = (visitor.clone(), url.to_owned(), fields.clone());
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            visitor.once(Method::POST, &url, Some(&fields)).await
        }
    }))
    .await
}

fn to_the_app(page: &Page) -> bool {
    page.status.is_redirection() && page.location().contains("code=")
}

/// How many passcodes were compared with the right one.
fn compares(house: &House) -> u64 {
    ["right", "wrong"].iter().map(|outcome| house.app.metrics.passcodes.get_or_create(&Outcome { outcome }).get()).sum()
}

/// A browser on the passcode page.
async fn at_the_passcode(house: &House, identifier: &str) -> (Visitor, Page) {
    let mut visitor = house.visitor();
    let shop = house.shop().await;
    let page = visitor.get(&shop.begin(&["openid"], &[]).url).await;
    let page = identify(&mut visitor, page, identifier).await;
    (visitor, page)
}

both!(a_right_passcode_signs_in_once, async |engine| {
    let house = House::open(engine).await;
    let (visitor, page) = at_the_passcode(&house, PHONE).await;
    let passcode = house.passcode(PHONE).await;
    let (action, _) = page.form("p_confirmation_code");
    let answers = posts(&visitor, MANY, &action, &[("p_confirmation_code", &passcode)]).await;
    assert_eq!(answers.iter().filter(|page| to_the_app(page)).count(), 1, "{:?}", statuses(&answers));
    assert!(answers.iter().all(|page| !page.status.is_server_error()), "{:?}", statuses(&answers));
    assert!(compares(&house) <= 5, "{} compares", compares(&house));
    let rows = Rows::of(&house).await;
    for table in ["subjects", "identifiers", "sessions", "grants", "browsers"] {
        assert_eq!(rows.count(table).await, 1, "{table}");
    }
    house.close().await;
});

both!(impatient_clicks_on_a_right_passcode_still_sign_in, async |engine| {
    let house = House::open(engine).await;
    for turn in 10..25 {
        let identifier = format!("+2348031{turn}4567");
        let (visitor, page) = at_the_passcode(&house, &identifier).await;
        let passcode = house.passcode(&identifier).await;
        let (action, _) = page.form("p_confirmation_code");
        let answers = posts(&visitor, 12, &action, &[("p_confirmation_code", &passcode)]).await;
        assert_eq!(answers.iter().filter(|page| to_the_app(page)).count(), 1, "{turn}: {:?}", statuses(&answers));
    }
    house.close().await;
});

fn statuses(answers: &[Page]) -> std::collections::BTreeMap<u16, usize> {
    answers.iter().fold(Default::default(), |mut counts, page| {
        *counts.entry(page.status.as_u16()).or_default() += 1;
        counts
    })
}

const OFTEN: [(&str, &str); 3] =
    [("passcode.sends_per_ten_minutes", "100"), ("passcode.sends_per_day", "1000"), ("passcode.tries_per_hour", "10")];

both!(guesses_are_capped_whatever_the_number_of_browsers_and_nodes, async |engine| {
    let house = House::with(engine, SHOP, &OFTEN).await;
    let second = House::on(Some(house.database_url.clone()), "", &OFTEN).await;
    let mut browsers = Vec::new();
    for _ in 0..30 {
        browsers.push(at_the_passcode(&house, PHONE).await);
    }
    house.settle().await;
    // Either node may have handed a message over.
    let mut messages = house.app.phone.messages(Some(PHONE));
    messages.extend(second.app.phone.messages(Some(PHONE)));
    let right: HashSet<String> = messages.iter().map(|message| crate::harness::digits(&message.text)).collect();
    assert_eq!(messages.len(), 30);
    let wrong: Vec<String> =
        (0..).map(|n| format!("{n:06}")).filter(|guess| !right.contains(guess)).take(MANY).collect();
    let answers = storm(wrong.into_iter().enumerate().map(|(turn, guess)| {
        let (visitor, page) = &browsers[turn % browsers.len()];
        let node = if turn % 2 == 0 { &house.issuer } else { &second.issuer };
        let (mut visitor, action) = (visitor.at(node), page.form("p_confirmation_code").0);
        async move { visitor.once(Method::POST, &action, Some(&[("p_confirmation_code", &guess)])).await }
    }))
    .await;
    assert!(answers.iter().all(|page| page.status.is_client_error()), "{:?}", statuses(&answers));
    let compared = compares(&house) + compares(&second);
    assert!((1..=10).contains(&compared), "{compared} compares");
    // Now not even right digits help, in any of the browsers.
    let (visitor, page) = &browsers[29];
    let passcode = crate::harness::digits(&messages[0].text);
    let answer = posts(visitor, 1, &page.form("p_confirmation_code").0, &[("p_confirmation_code", &passcode)]).await;
    assert!(!to_the_app(&answer[0]));
    // An hour later the identifier is its owner's again.
    house.time.pass(std::time::Duration::from_secs(3_601));
    second.time.pass(std::time::Duration::from_secs(3_601));
    let (mut visitor, page) = at_the_passcode(&house, PHONE).await;
    house.settle().await;
    let newest = house.app.phone.messages(Some(PHONE)).into_iter().chain(second.app.phone.messages(Some(PHONE)));
    let newest = newest.max_by_key(|message| message.at).expect("a message");
    let back = visitor.submit(&page, &[("p_confirmation_code", &crate::harness::digits(&newest.text))]).await;
    assert!(back.param("code").is_some(), "{}", back.text());
    second.close().await;
    house.close().await;
});

/// The answers of the token endpoint to the same request, this often at once.
async fn exchanges<F: Future<Output = Answer> + Send + 'static>(
    house: &House,
    count: usize,
    request: impl Fn(Arc<Machine>) -> F,
) -> Vec<Answer> {
    let machine = Arc::new(house.machine());
    storm((0..count).map(|_| request(machine.clone()))).await
}

fn good(answers: &[Answer]) -> Vec<&Answer> {
    let (good, bad): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 200);
    assert!(bad.iter().all(|answer| answer.refusal() == (400, "invalid_grant".into())), "{:?}", bad.first());
    good
}

async fn dead(house: &House, access: &str, refresh: &str) {
    let machine = house.machine();
    assert_eq!(machine.userinfo(access).await.status, 401);
    assert_eq!(machine.refresh(refresh, &[]).await.refusal(), (400, "invalid_grant".into()));
}

both!(a_code_is_swapped_once, async |engine| {
    let house = House::open(engine).await;
    let mut visitor = house.visitor();
    let back = crate::harness::ways::signed_in(&mut visitor, &[("scope", "openid offline")]).await;
    let code = back.code();
    let answers = exchanges(&house, MANY, |machine| {
        let code = code.clone();
        async move { machine.redeem(&code, &[]).await }
    })
    .await;
    let good = good(&answers);
    assert_eq!(good.len(), 1);
    // Whoever else has the code might be the one who got the tokens: they are worth nothing.
    dead(&house, &good[0].text("access_token"), &good[0].text("refresh_token")).await;
    house.close().await;
});

both!(a_refresh_token_has_one_successor, async |engine| {
    let house = House::open(engine).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut visitor, &["openid", "offline"], PHONE).await;
    let first = tokens.refresh_token.expect("offline");
    let answers = exchanges(&house, MANY, |machine| {
        let first = first.clone();
        async move { machine.refresh(&first, &[]).await }
    })
    .await;
    let good = good(&answers);
    assert_eq!(good.len(), MANY, "all of them are one app's parallel refreshes");
    let successors: HashSet<String> = good.iter().map(|answer| answer.text("refresh_token")).collect();
    assert_eq!(successors.len(), 1);
    assert!(!successors.contains(&first));
    assert_eq!(Rows::of(&house).await.number("SELECT generation FROM grants").await, 2);
    house.close().await;
});

both!(a_refresh_token_that_comes_late_ends_its_family, async |engine| {
    let house = House::with(engine, SHOP, &[("refresh.overlap", "1s")]).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let tokens = sign_in(&house, &shop, &mut visitor, &["openid", "offline"], PHONE).await;
    let first = tokens.refresh_token.expect("offline");
    let second = shop.refresh(&first).await.expect("the one success");
    house.pass(2);
    let answers = exchanges(&house, MANY, |machine| {
        let first = first.clone();
        async move { machine.refresh(&first, &[]).await }
    })
    .await;
    assert_eq!(good(&answers).len(), 0);
    dead(&house, &second.access_token, &second.refresh_token.expect("offline")).await;
    assert_eq!(house.machine().userinfo(&tokens.access_token).await.status, 401);
    house.close().await;
});

both!(a_thousand_clicks_send_one_message, async |engine| {
    let house = House::open(engine).await;
    let (shop, mut visitor) = (house.shop().await, house.visitor());
    let page = visitor.get(&shop.begin(&["openid"], &[]).url).await;
    let (action, _) = page.form("p_phone");
    let answers = posts(&visitor, MANY, &action, &[("p_phone", PHONE)]).await;
    assert!(answers.iter().any(|page| page.status.is_redirection()), "{:?}", statuses(&answers));
    assert!(answers.iter().all(|page| !page.status.is_server_error()), "{:?}", statuses(&answers));
    assert_eq!(house.sent(PHONE).await, 1);
    let rows = Rows::of(&house).await;
    assert_eq!((rows.count("challenges").await, rows.count("outbox").await), (1, 1));
    house.close().await;
});

both!(a_thousand_resends_send_one_message, async |engine| {
    let house = House::open(engine).await;
    let (visitor, _) = at_the_passcode(&house, PHONE).await;
    let interaction = Rows::of(&house).await.texts("SELECT id FROM interactions").await.remove(0);
    let url = format!("/passcode/resend?interaction={interaction}");
    house.pass(31);
    let answers = posts(&visitor, MANY, &url, &[]).await;
    assert!(answers.iter().all(|page| !page.status.is_server_error()), "{:?}", statuses(&answers));
    assert_eq!(house.sent(PHONE).await, 2);
    house.close().await;
});

both!(fifty_browsers_of_a_newcomer_make_one_account, async |engine| {
    let settings = [
        ("passcode.sends_per_ten_minutes", "100"),
        ("passcode.sends_per_day", "1000"),
        ("passcode.tries_per_hour", "100"),
    ];
    let house = House::with(engine, SHOP, &settings).await;
    let mut ready = Vec::new();
    for turn in 1..=50 {
        let (visitor, page) = at_the_passcode(&house, PHONE).await;
        let newest = house.messages(PHONE, turn).await.remove(0);
        ready.push((visitor, page.form("p_confirmation_code").0, crate::harness::digits(&newest.text)));
    }
    let answers = storm(ready.into_iter().map(|(mut visitor, action, passcode)| async move {
        visitor.once(Method::POST, &action, Some(&[("p_confirmation_code", &passcode)])).await
    }))
    .await;
    assert_eq!(answers.iter().filter(|page| to_the_app(page)).count(), 50, "{:?}", statuses(&answers));
    let rows = Rows::of(&house).await;
    assert_eq!((rows.count("subjects").await, rows.count("identifiers").await), (1, 1));
    assert_eq!(rows.number("SELECT count(DISTINCT subject_id) FROM sessions").await, 1);
    house.close().await;
});
