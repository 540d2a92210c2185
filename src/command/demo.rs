//! `countersign` alone: provider, demo web app and phone on this machine, with nothing to configure.

use super::serve::{Server, bind, stop_signal};
use super::{Ended, one, say, secret};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{Demo, router};
use crate::flows::manage::apply::{Applied, apply};
use crate::http::serve::serve;
use tokio_util::sync::CancellationToken;

const DECLARED: &str = include_str!("demo.toml");

pub async fn run(config: Config) -> Ended {
    let config = Config { allow_dev_phone: true, allow_test_identifiers: true, ..config };
    super::make_data_dir(&config)?;
    secret::make(&config)?;
    let (front, listener) = (bind(config.listen).await?, bind(config.demo_listen).await?);
    let port = front.local_addr().map_err(one)?.port();
    let issuer = config.issuer.as_ref().map_or_else(|| format!("http://localhost:{port}"), |issuer| issuer.0.clone());
    let base_url = format!("http://localhost:{}", listener.local_addr().map_err(one)?.port());
    let app = App::open(config.clone(), issuer.clone(), secret::read(&config)?, Clock::default()).await.map_err(one)?;
    let client_secret = app.entropy.client_secret();
    let declaration = DECLARED.replace("{base_url}", &base_url).replace("{secret}", &client_secret);
    if let Applied::Wrong(faults) =
        apply(&app, &declaration, &|name| Err(format!("no file {name}")), false).await.map_err(one)?
    {
        return Err(faults.iter().map(ToString::to_string).collect());
    }
    let server = Server::start(app, front).await?;
    let phone_url = format!("{issuer}{}", crate::http::urls::PHONE);
    let demo = Demo {
        issuer: issuer.clone(),
        base_url: base_url.clone(),
        client_id: "demo".into(),
        client_secret,
        phone_url: phone_url.clone(),
    };
    let stop = CancellationToken::new();
    let web_app = tokio::spawn(serve(listener, router(demo), stop.clone(), std::time::Duration::from_secs(1)));
    say("");
    say(&format!("  The demo web app   {base_url}    press Sign in here"));
    say(&format!("  The phone          {phone_url}    codes arrive here"));
    say(&format!("  The provider       {issuer}    /.well-known/openid-configuration"));
    if let Some(link) = super::admin::first_link(&server.app).await? {
        say(&format!("  The portal         {link}"));
        say("                     this link makes you its owner, once, within 15 minutes; then /admin");
    } else {
        say(&format!("  The portal         {issuer}{}", crate::http::urls::PORTAL));
    }
    say("");
    say("  Any mobile number or e-mail address will do: +234 803 123 4567, ada@example.com.");
    say(&format!("  Stop with Ctrl-C. What you did stays in {}.", config.data_dir.display()));
    say("");
    stop_signal().await;
    stop.cancel();
    drop(web_app.await);
    server.stop().await;
    Ok(())
}
