//! Sign-outs that apps hear of: Apache's module by the back channel, and by frames in a real browser beside another app.

use crate::apache::{Outside, Scene};
use crate::app::at;
use crate::chromium::{Browser, Look};
use crate::person::Person;
use axum::Router;
use axum::extract::RawQuery;
use axum::http::header::SET_COOKIE;
use axum::response::Html;
use axum::routing::get;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ADA: &str = "+2348031234567";

/// Nobody tells the browser: the server tells Apache, which forgets the session.
#[tokio::test(flavor = "multi_thread")]
async fn apache_hears_by_the_back_channel() {
    let told = |url: &str| Outside {
        lines: format!("backchannel_logout_uri = \"{url}/private/callback?logout=backchannel\""),
        ..Outside::default()
    };
    let Some(scene) = Scene::on("127.0.0.1", "client_secret_basic", "query", told).await else { return };
    let mut person = Person::new(&scene.house);
    scene.sign_in(&mut person).await;
    let kept = person.0.cookies.clone();
    let page = person.go(&format!("{}/logout", scene.house.issuer)).await;
    person.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!(kept.get("mod_auth_openidc_session"), person.0.cookies.get("mod_auth_openidc_session"));
    let mut last = None;
    for _ in 0..100 {
        let page = person.go(&scene.at("/private/page.shtml")).await;
        if page.asks_who() {
            return scene.house.close().await;
        }
        last = Some(page);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("Apache never heard: {:?} {}", last.map(|page| page.text()), scene.log());
}

/// An app in the same browser that remembers who came, and ends its session when its frame is opened.
struct Neighbour {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Neighbour {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = at(listener.local_addr().expect("bound").port());
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let ears = Arc::clone(&heard);
        let front = async move |RawQuery(query): RawQuery| {
            ears.lock().expect("one at a time").push(query.unwrap_or_default());
            ([(SET_COOKIE, "neighbour=; Path=/; Max-Age=0")], Html("bye"))
        };
        let router = Router::new()
            .route("/", get(async || Html("<h1 id=home>Home</h1>")))
            .route("/callback", get(async || ([(SET_COOKIE, "neighbour=in; Path=/")], Html("<h1 id=in>In</h1>"))))
            .route("/front", get(front));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, heard }
    }

    fn declared(&self) -> String {
        let url = &self.url;
        format!(
            "\n[[client]]\nid = \"neighbour\"\nname = \"Neighbour\"\nkind = \"web\"\nredirect_uris = [\"{url}/callback\"]\n\
             post_logout_redirect_uris = [\"{url}/\"]\nfrontchannel_logout_uri = \"{url}/front?own=1\"\n\
             secret = \"defghijabcdefghijabcdefghijabcdefghijabcdefghij12345\"\nconnections = [\"phone\"]\n"
        )
    }
}

async fn cookies(browser: &Browser) -> String {
    let all = browser.cdp("Network.getAllCookies", serde_json::json!({})).await;
    let named = all["cookies"].as_array().expect("cookies").iter().filter_map(|cookie| cookie["name"].as_str());
    named.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_apps_hear_by_frames() {
    let neighbour = Neighbour::open().await;
    let told = |url: &str| Outside {
        lines: format!("frontchannel_logout_uri = \"{url}/private/callback?logout=get\""),
        more: neighbour.declared(),
    };
    let Some(scene) = Scene::on("localhost", "client_secret_basic", "query", told).await else { return };
    let Some(browser) = Browser::open(Look::default()).await else { return };
    browser.goto(&scene.at("/private/page.shtml")).await;
    browser.fill("#identifier[name=p_phone]", ADA).await;
    browser.click("#continue").await;
    browser.at("#passcode").await;
    let passcode = scene.house.passcode(ADA).await;
    browser.fill("#passcode", &passcode).await;
    browser.arrive(&scene.at("/private/page.shtml")).await;
    let query = "response_type=code&scope=openid&state=s&client_id=neighbour";
    let to: String = url::form_urlencoded::byte_serialize(format!("{}/callback", neighbour.url).as_bytes()).collect();
    browser.goto(&format!("{}/oauth2/auth?{query}&redirect_uri={to}", scene.house.issuer)).await;
    browser.at("#in").await;
    let before = cookies(&browser).await;
    assert!(before.contains("neighbour") && before.contains("mod_auth_openidc_session"), "{before}");

    // The neighbour signs out; both are told, and the browser goes back to it.
    let home: String = url::form_urlencoded::byte_serialize(format!("{}/", neighbour.url).as_bytes()).collect();
    browser.goto(&format!("{}/logout?redirect={home}", scene.house.issuer)).await;
    browser.at("#home").await;
    let heard = neighbour.heard.lock().expect("one at a time").clone();
    assert_eq!(heard.len(), 1, "{heard:?}");
    let sent: BTreeMap<String, String> = url::form_urlencoded::parse(heard[0].as_bytes()).into_owned().collect();
    assert_eq!((sent["own"].as_str(), sent["iss"].as_str()), ("1", scene.house.issuer.as_str()));
    assert!(!sent["sid"].is_empty(), "{sent:?}");
    let after = cookies(&browser).await;
    assert!(!after.contains("neighbour"), "{after}");
    browser.goto(&scene.at("/private/page.shtml")).await;
    browser.at("#identifier").await;
    browser.close().await;
    scene.house.close().await;
}
