//! Where sign-up is closed, pages are the same in every byte for a number somebody has and for one nobody has, also while rungs
//! fall (invariant 6).

use crate::fake::{Report, Way, Why};
use crate::harness::{Engine, Page, both};
use crate::scene::{LADDER, Person, Scene, same};
use reqwest::Method;

const BACK: &str = "http://127.0.0.1:4200/callback";

/// A page without what is new in each: ids, nonces, the tag, the number, and seconds that tick on.
fn plain(page: &Page, number: &str) -> String {
    let mut text = format!("{}\n{}\n{}\n", page.status, page.url, page.html);
    for (name, value) in &page.headers {
        if !["date", "x-request-id", "retry-after"].contains(&name.as_str()) {
            text += &format!("{name}: {}\n", value.to_str().unwrap_or_default());
        }
    }
    let between = |text: &str, from: &str, to: char| {
        text.split(from).nth(1).and_then(|rest| rest.split(to).next()).map(str::to_owned)
    };
    if let Some(tag) = between(&text, "class=\"tag\">", '<') {
        text = text.replace(&format!(">{tag}<"), ">TAG<");
    }
    if let Some(wait) = between(&text, "data-wait=\"", '"') {
        text = text.replace(&format!("data-wait=\"{wait}\""), "WAIT");
    }
    // As it is stored, and as it is shown.
    let shown = countersign::domain::phone::international(number);
    text = text.replace(number, "WHO").replace(&shown, "WHO");
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        out += if run.len() == 32 { "ID" } else { &run };
        run.clear();
        out.push(c);
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    let seconds = |place: usize| words.get(place + 1).is_some_and(|next| next.starts_with("second"));
    let kept = words.iter().enumerate().map(|(place, word)| if seconds(place) { "N" } else { word });
    kept.collect::<Vec<_>>().join(" ")
}

/// Makes this number somebody's, at an app where anybody may sign up, and lets its counters end.
async fn known(scene: &Scene, number: &str) {
    let mut person = scene.asks(number).await;
    let digits = same(&scene.fake.messages(number, 1).await);
    person.signs_in(&digits).await;
    scene.look().await;
    scene.house.pass(24 * 3600 + 1);
    scene.look().await;
}

struct Walk<'a> {
    scene: &'a Scene,
    person: Person,
    seen: Vec<String>,
}

impl Walk<'_> {
    fn sees(&mut self, page: &Page) {
        self.seen.push(plain(page, &self.person.number));
    }

    async fn reloads(&mut self) {
        self.scene.look().await;
        let page = self.person.reloads().await;
        self.sees(&page);
        let live = format!("/passcode/live?interaction={}", self.person.interaction());
        let told = self.person.visitor.once(Method::GET, &live, None).await;
        self.sees(&told);
    }
}

/// What a person may do while a ladder falls, and all they see.
async fn walk(scene: &Scene, number: &str, by: &[&str]) -> Vec<String> {
    let person = scene.tries_at("members", BACK, number).await;
    assert!(person.page.asks_digits(), "{}", person.page.text());
    let first = person.page.clone();
    let mut walk = Walk { scene, person, seen: Vec::new() };
    walk.sees(&first);
    walk.reloads().await;
    for (place, by) in by.iter().enumerate() {
        // Rungs wait 20, 40 and 60 seconds, and carriers that are busy a few.
        for _ in 0..4 {
            scene.house.pass(16);
            walk.reloads().await;
        }
        if place == 0 {
            let page = walk.person.types("123450").await;
            walk.sees(&page);
        }
        let page = walk.person.asks_for(by).await;
        walk.sees(&page);
        walk.reloads().await;
    }
    let page = walk.person.types("543210").await;
    walk.sees(&page);
    scene.house.pass(301);
    walk.reloads().await;
    let page = walk.person.types("543210").await;
    walk.sees(&page);
    scene.house.pass(24 * 3600);
    scene.look().await;
    walk.seen
}

/// The same walk for both, under each way carriers may answer.
async fn both_walk(engine: Engine, by: &[&str]) {
    let scene = Scene::open(engine).await;
    let (somebody, nobody) = ("+2348031239001", "+2348031239002");
    known(&scene, somebody).await;
    for way in [
        Way::Accept,
        Way::Then(Report::Delivered),
        Way::Refuse(Why::Unreachable),
        Way::Then(Report::Undelivered(Why::Unreachable)),
        Way::Refuse(Why::BadNumber),
        Way::Refuse(Why::Policy),
        Way::Refuse(Why::Misconfigured),
        Way::TakeAndDrop,
    ] {
        for carrier in ["meta", "twilio"] {
            scene.fake.set(carrier, way);
        }
        let before = scene.fake.asked(somebody).len();
        let theirs = walk(&scene, somebody, by).await;
        assert!(scene.fake.asked(somebody).len() > before, "{way:?}: it was sent");
        let ours = walk(&scene, nobody, by).await;
        assert_eq!(theirs.len(), ours.len());
        for (step, (known, unknown)) in theirs.iter().zip(&ours).enumerate() {
            assert_eq!(known, unknown, "{way:?}, step {step}");
        }
    }
    assert!(scene.fake.asked(nobody).is_empty(), "nothing is sent to nobody");
    scene.house.pass(100);
    scene.close().await;
}

both!(while_rungs_fall, async |engine| both_walk(engine, &["sms", "voice"]).await);

both!(when_it_is_sent_again_by_no_channel_named, async |engine| both_walk(engine, &["", ""]).await);

both!(while_twilio_verify_cannot_be_asked, async |engine| {
    let ladder = LADDER.replace("\"whatsapp\", \"sms\", \"voice\"", "\"sms\"").replace("[\"meta\"]", "[\"verify\"]");
    let ladder = ladder.replace("[\"twilio\"]", "[\"verify\"]");
    let scene = Scene::with(engine, &ladder, &["verify"], &[]).await;
    known(&scene, "+2348031239001").await;
    let mut seen = Vec::new();
    for number in ["+2348031239001", "+2348031239002"] {
        let mut person = scene.tries_at("members", BACK, number).await;
        scene.look().await;
        scene.fake.down();
        let page = person.types("123450").await;
        seen.push(plain(&page, number));
        scene.fake.up().await;
    }
    assert_eq!(seen[0], seen[1]);
    scene.close().await;
});
