//! Sign-ins looked for: each filter finds what it says and nothing else, together too, and a page goes on where the one before ended.

use crate::harness::operator::Operator;
use crate::harness::ways::{TEST, signed_in};
use crate::harness::{House, both};
use countersign::app::App;
use countersign::domain::identifier::Identifier;
use countersign::domain::subject::Subject;
use countersign::flows::manage::sign_ins::{Filter, SignIn, State, list_within};
use countersign::flows::seed::{Wanted, seed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const WANTED: Wanted = Wanted { people: 40, sign_ins: 1_000, days: 2, seed: 7 };

/// What a filter means, said another way.
fn fits(one: &SignIn, filter: &Filter, known: &Subject) -> bool {
    let theirs = |id: &String| {
        *id == known.id.to_string() && one.identifier.as_ref().is_some_and(|of| known.identifiers.contains(of))
    };
    filter.identifier.as_ref().is_none_or(|of| one.identifier.as_ref() == Some(of))
        && filter.subject.as_ref().is_none_or(theirs)
        && filter.client.as_ref().is_none_or(|of| one.client == *of)
        && filter.state.is_none_or(|of| one.state == of)
        && filter.country.as_ref().is_none_or(|of| one.country.as_ref() == Some(of))
        && filter.connection.as_ref().is_none_or(|of| one.connection.as_ref() == Some(of))
        && filter.since.is_none_or(|of| one.at >= of)
        && filter.until.is_none_or(|of| one.at < of)
}

fn together(one: &Filter, other: &Filter) -> Filter {
    let (one, other) = (one.clone(), other.clone());
    Filter {
        identifier: one.identifier.or(other.identifier),
        subject: one.subject.or(other.subject),
        client: one.client.or(other.client),
        state: one.state.or(other.state),
        country: one.country.or(other.country),
        connection: one.connection.or(other.connection),
        since: one.since.or(other.since),
        until: one.until.or(other.until),
    }
}

const NO_PATIENCE: Duration = Duration::ZERO;
const ALL_THE_TIME: Duration = Duration::from_secs(3600);

async fn all(app: &App, filter: &Filter, most: usize) -> Vec<SignIn> {
    pages(app, filter, most, NO_PATIENCE).await.concat()
}

/// Everything, a page at a time.
async fn pages(app: &App, filter: &Filter, most: usize, patience: Duration) -> Vec<Vec<SignIn>> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = list_within(app, filter, after.as_deref(), most, patience).await.expect("lists");
        assert!(page.sign_ins.len() <= most);
        found.push(page.sign_ins);
        match page.next {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

both!(each_filter_finds_what_it_says, async |engine| {
    let house = House::open(engine).await;
    let app = &house.app;
    seed(app, WANTED, |_, _, _| {}).await.expect("seeds");
    let every = all(app, &Filter::default(), 97).await;
    assert_eq!(every.len(), 1_000);
    assert!(every.windows(2).all(|two| two[0].id > two[1].id && two[0].at >= two[1].at), "newest first, each once");
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    every.iter().for_each(|one| *states.entry(one.state.as_str()).or_default() += 1);
    assert!(states["answered"] > 500 && states["expired"] > 60, "{states:?}");
    let someone =
        every.iter().find_map(|one| one.identifier.clone().filter(|of| of.reveal().starts_with("+234"))).expect("one");
    let subject =
        countersign::flows::manage::accounts::find_by_identifier(app, &someone).await.expect("looks").expect("there");
    let (since, until) = (every[700].at, every[200].at);
    let nobody = Identifier::email("nobody@example.com").expect("an address");
    let filters = [
        Filter { identifier: Some(someone.clone()), ..Filter::default() },
        Filter { identifier: Some(nobody), ..Filter::default() },
        Filter { subject: Some(subject.id.to_string()), ..Filter::default() },
        Filter { subject: Some("kp_none".into()), ..Filter::default() },
        Filter { client: Some("kiosk".into()), ..Filter::default() },
        Filter { client: Some("none".into()), ..Filter::default() },
        Filter { country: Some("NG".into()), ..Filter::default() },
        Filter { connection: Some("email".into()), ..Filter::default() },
        Filter { connection: Some("sms-only".into()), ..Filter::default() },
        Filter { since: Some(since), until: Some(until), ..Filter::default() },
    ];
    let by_state = State::ALL.map(|state| Filter { state: Some(state), ..Filter::default() });
    // Every filter by itself, and every two together.
    let single: Vec<Filter> = filters.into_iter().chain(by_state).collect();
    let mut found_any = 0;
    for (at, one) in single.iter().enumerate() {
        for other in &single[at..] {
            let both = together(one, other);
            let expected: Vec<&SignIn> = every.iter().filter(|sign_in| fits(sign_in, &both, &subject)).collect();
            let found = all(app, &both, 50).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{both:?}");
            found_any += usize::from(!found.is_empty());
        }
    }
    assert!(found_any > 30, "{found_any}");
    house.close().await;
});

both!(a_page_goes_on_where_the_one_before_ended, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &["read:sign_ins"]).await;
    for _ in 0..5 {
        signed_in(&mut house.visitor(), &[]).await.code();
        house.pass(1);
    }
    let ids = |page: &Value| -> Vec<String> {
        page["data"].as_array().expect("data").iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
    };
    let whole = ids(&operator.get("sign_ins").await.json());
    assert_eq!(whole.len(), 5);
    let first = operator.get("sign_ins?limit=2").await.json();
    assert_eq!((ids(&first), first["next"].as_str()), (whole[..2].to_vec(), Some(whole[1].as_str())));
    // Who comes in meanwhile moves nothing.
    signed_in(&mut house.visitor(), &[]).await.code();
    let second = operator.get(&format!("sign_ins?limit=2&cursor={}", whole[1])).await.json();
    assert_eq!(ids(&second), whole[2..4]);
    let last = operator.get(&format!("sign_ins?limit=2&cursor={}", whole[3])).await.json();
    assert_eq!((ids(&last), &last["next"]), (whole[4..].to_vec(), &Value::Null));
    // A number in whatever form: with its country code, or with its country beside it.
    let number = TEST.replace('+', "%2B");
    for form in [number.as_str(), "%2B1+(202)+555-0143", "0012025550143", "202-555-0143&country=us"] {
        let found = operator.get(&format!("sign_ins?identifier={form}")).await;
        assert_eq!(found.json()["data"].as_array().map(Vec::len), Some(6), "{form}: {}", found.body);
    }
    let one = operator.get("sign_ins?limit=1&state=answered&country=US&client=shop&connection=phone").await.json();
    assert_eq!(one["data"][0]["country"], "US");
    let all = operator.get("sign_ins").await.json();
    let at = |n: usize| all["data"][n]["at"].as_i64().expect("seconds");
    let since = ids(&operator.get(&format!("sign_ins?since={}", at(2))).await.json());
    assert_eq!(since, (0..6).filter(|n| at(*n) >= at(2)).map(|n| ids(&all)[n].clone()).collect::<Vec<_>>());
    let until = ids(&operator.get(&format!("sign_ins?until={}", at(2))).await.json());
    assert_eq!([since, until].concat(), ids(&all), "what is not of one is of the other");
    for (wrong, field) in [
        ("cursor=x", "cursor"),
        ("state=done", "state"),
        ("country=XX", "country"),
        ("country=Nigeria", "country"),
        ("since=yesterday", "since"),
        ("until=-1", "until"),
        ("identifier=nobody", "identifier"),
        ("identifier=202-555-0143", "identifier"),
    ] {
        let told = operator.get(&format!("sign_ins?{wrong}")).await;
        assert_eq!((told.status, &told.json()["field"]), (400, &json!(field)), "{wrong}");
    }
    for odd in ["client=%00", "subject=%00", "connection=a%00b", "cursor=in_%00"] {
        let told = operator.get(&format!("sign_ins?{odd}")).await;
        assert_eq!((told.status, told.text("type")), (400, "urn:countersign:problem:bad-text".into()), "{odd}");
    }
    assert_eq!(operator.get("sign_ins/in_%00").await.status, 404);
    house.close().await;
});

both!(what_is_seldom_is_looked_for_as_long_as_patience_lasts, async |engine| {
    let house = House::open(engine).await;
    let app = &house.app;
    seed(app, Wanted { people: 5, sign_ins: 3_000, days: 1, seed: 3 }, |_, _, _| {}).await.expect("seeds");
    let nowhere = Filter { client: Some("none".into()), connection: Some("phone".into()), ..Filter::default() };
    assert_eq!(pages(app, &nowhere, 50, NO_PATIENCE).await.len(), 1, "no such client: there is nothing to go through");
    // A country and a way in that never meet.
    let never = Filter { country: Some("NG".into()), connection: Some("email".into()), ..Filter::default() };
    let seldom = Filter { state: Some(State::Expired), connection: Some("email".into()), ..Filter::default() };
    for (filter, some) in [(never, false), (seldom, true)] {
        let hasty = pages(app, &filter, 50, NO_PATIENCE).await;
        let patient = pages(app, &filter, 50, ALL_THE_TIME).await;
        assert!(hasty.len() > 3 && hasty.len() > patient.len(), "{} and {}", hasty.len(), patient.len());
        assert!(patient.iter().rev().skip(1).all(|page| page.len() == 50), "who has the time fills every page");
        let (hasty, patient) = (hasty.concat(), patient.concat());
        assert_eq!((&hasty, hasty.is_empty()), (&patient, !some), "each once, and none left out");
        assert!(!some || hasty.len() > 50, "{}", hasty.len());
        assert!(hasty.iter().all(|one| one.state == State::Expired));
    }
    house.pass(Duration::from_secs(3600).as_secs());
    let open = Filter { state: Some(State::Asked), ..Filter::default() };
    assert!(all(app, &open, 50).await.is_empty(), "their time is over");
    house.close().await;
});
