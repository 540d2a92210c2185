//! Apache with Debian's `mod_auth_openidc` (certified) before a page: the module does everything, the page only tells what it
//! was told.

use crate::app::{WebApp, at, free_port};
use crate::harness::rp::payload;
use crate::harness::{House, Page, SHOP, SHOP_SECRET, left_out};
use crate::person::Person;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tokio::net::TcpListener;

const PHONE: &str = "+2348031234567";
const MODULE: &str = "/usr/lib/apache2/modules/mod_auth_openidc.so";

/// Everything but the module's own lines is what any Apache needs.
const CONFIG: &str = r#"
ServerRoot {folder}
ServerName localhost:{port}
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
LogLevel warn auth_openidc:info
User www-data
Group www-data
Mutex file:{folder} default
StartServers 1
ServerLimit 2
ThreadsPerChild 8
MaxRequestWorkers 16
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
LoadModule include_module /usr/lib/apache2/modules/mod_include.so
LoadModule auth_openidc_module /usr/lib/apache2/modules/mod_auth_openidc.so
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
DocumentRoot {folder}/pages

OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID shop
OIDCClientSecret {secret}
OIDCProviderTokenEndpointAuth {auth}
OIDCResponseMode {mode}
OIDCPKCEMethod S256
OIDCScope "openid profile email phone offline"
OIDCRedirectURI {url}/private/callback
OIDCCryptoPassphrase {secret}
OIDCCookieSameSite {lax}
OIDCRemoteUserClaim sub
OIDCInfoHook iat access_token access_token_expires id_token userinfo refresh_token

<Directory {folder}/pages>
    Options +Includes
    Require all granted
</Directory>
<Location /private>
    AuthType openid-connect
    Require claim azp:shop
</Location>
# Where the server itself calls there is no person, and no claim.
<Location /private/callback>
    Require valid-user
</Location>
"#;

const PAGE: &str = r#"<!doctype html><title>Private</title>
<p id=user><!--#echo var="REMOTE_USER" --></p>
<p id=phone><!--#echo var="OIDC_CLAIM_phone_number" --></p>
<p id=issuer><!--#echo var="OIDC_CLAIM_iss" --></p>
"#;

pub struct Scene {
    mode: String,
    pub house: House,
    app: WebApp,
    folder: tempfile::TempDir,
}

/// Lines of the client `shop`, and what else is declared.
#[derive(Default)]
pub struct Outside {
    pub lines: String,
    pub more: String,
}

impl Scene {
    async fn open(auth: &str, mode: &str) -> Option<Self> {
        Self::on("127.0.0.1", auth, mode, |_| Outside::default()).await
    }

    /// With the issuer on this host, and what is to be declared of the app at this address.
    pub async fn on(host: &str, auth: &str, mode: &str, outside: impl Fn(&str) -> Outside) -> Option<Self> {
        if !Path::new(MODULE).exists() {
            left_out("Apache: no mod_auth_openidc");
            return None;
        }
        let port = free_port();
        let url = at(port);
        let outside = outside(&url);
        let declaration = SHOP
            .replace("http://127.0.0.1:4000/callback", &format!("{url}/private/callback"))
            .replace("http://127.0.0.1:4000/", &format!("{url}/index.html"))
            .replacen("name = \"Shop\"\n", &format!("name = \"Shop\"\n{}\n", outside.lines), 1);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{host}:{}", listener.local_addr().expect("bound").port());
        let settings = [("web.allow_private", "true")];
        let house = House::behind(listener, issuer, None, &format!("{declaration}{}", outside.more), &settings).await;
        let folder = tempfile::tempdir().expect("a folder");
        // Apache's workers are somebody else, where the tests run as root.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).expect("changes");
        std::fs::create_dir_all(folder.path().join("pages/private")).expect("a folder");
        std::fs::write(folder.path().join("pages/index.html"), "<!doctype html><h1>Everybody's</h1>").expect("writes");
        std::fs::write(folder.path().join("pages/private/page.shtml"), PAGE).expect("writes");
        // A form comes from another site: a Lax cookie would stay behind.
        let lax = if mode == "form_post" { "Off" } else { "On" };
        let config = [
            ("{folder}", folder.path().to_str().expect("UTF-8")),
            ("{port}", &port.to_string()),
            ("{issuer}", &house.issuer),
            ("{url}", &url),
            ("{secret}", SHOP_SECRET),
            ("{auth}", auth),
            ("{mode}", mode),
            ("{lax}", lax),
        ];
        let config = config.iter().fold(CONFIG.to_owned(), |text, (name, value)| text.replace(name, value));
        let file = folder.path().join("apache.conf");
        std::fs::write(&file, config).expect("writes");
        let mut apache = Command::new("/usr/sbin/apache2");
        apache.arg("-DFOREGROUND").arg("-f").arg(&file);
        Some(Self { mode: mode.to_owned(), app: WebApp::start(apache, port).await, house, folder })
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.app.url)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub async fn sign_in(&self, person: &mut Person) -> Page {
        let page = person.go(&self.at("/private/page.shtml")).await;
        assert!(page.asks_who(), "{} {}: {}", page.status, page.text(), self.log());
        let mut page = person.prove(&self.house, page, PHONE).await;
        if self.mode == "form_post" {
            let (_, hidden) = page.form("code");
            let (_, code) = hidden.iter().find(|(name, _)| name == "code").expect("a code");
            page = person.submit(&page, &[("code", code)]).await;
        }
        assert_eq!(
            (page.status.as_u16(), page.url.as_str()),
            (200, self.at("/private/page.shtml").as_str()),
            "{}",
            self.log()
        );
        page
    }

    /// What the module keeps of a session.
    async fn info(&self, person: &mut Person) -> Value {
        let page = person.once(&self.at("/private/callback?info=json")).await;
        assert_eq!(page.status, 200, "{}", self.log());
        serde_json::from_str(&page.html).expect("JSON")
    }
}

fn part<'a>(page: &'a Page, id: &str) -> &'a str {
    let part = page.html.split(&format!("<p id={id}>")).nth(1).and_then(|rest| rest.split("</p>").next());
    part.unwrap_or_else(|| panic!("no {id}: {}", page.html))
}

async fn in_refresh_out(auth: &str, mode: &str) {
    let Some(scene) = Scene::open(auth, mode).await else { return };
    let mut person = Person::new(&scene.house);
    assert_eq!(person.go(&scene.at("/index.html")).await.text(), "Everybody's");
    let page = scene.sign_in(&mut person).await;
    assert_eq!((part(&page, "phone"), part(&page, "issuer")), (PHONE, scene.house.issuer.as_str()));

    let before = scene.info(&mut person).await;
    let subject = before["id_token"]["sub"].as_str().expect("a subject");
    assert_eq!((part(&page, "user"), before["userinfo"]["sub"].as_str()), (subject, Some(subject)));
    assert_eq!(before["userinfo"]["phone_number"], PHONE);
    let token = before["access_token"].as_str().expect("a token");
    assert_eq!(payload(token)["sub"], subject);

    let page_url = scene.at("/private/page.shtml");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("refresh", &page_url)
        .append_pair("access_token", token)
        .finish();
    let page = person.go(&scene.at(&format!("/private/callback?{query}"))).await;
    assert_eq!((page.status.as_u16(), page.url.as_str()), (200, page_url.as_str()), "{}", scene.log());
    let after = scene.info(&mut person).await;
    assert_ne!(after["access_token"], before["access_token"], "{}", scene.log());
    assert_ne!(after["refresh_token"], before["refresh_token"]);
    let token = after["access_token"].as_str().expect("a token");
    assert_eq!(scene.house.machine().userinfo(token).await.text("sub"), subject);

    // Out of Apache, out here, and back.
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("logout", &scene.at("/index.html")).finish();
    let page = person.go(&scene.at(&format!("/private/callback?{query}"))).await;
    let home = person.submit(&page, &[("confirm-logout", "")]).await;
    assert_eq!((home.text().as_str(), home.url.as_str()), ("Everybody's", scene.at("/index.html").as_str()));
    assert_eq!(scene.house.machine().userinfo(token).await.status, 401);
    assert!(person.go(&page_url).await.asks_who());
    scene.house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_refresh_out_by_redirect() {
    in_refresh_out("client_secret_basic", "query").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_refresh_out_by_form() {
    in_refresh_out("client_secret_post", "form_post").await;
}

/// Somebody else's answer opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_answer_is_refused() {
    let Some(scene) = Scene::open("client_secret_basic", "query").await else { return };
    let mut person = Person::new(&scene.house);
    person.go(&scene.at("/private/page.shtml")).await;
    let page = person.once(&scene.at("/private/callback?code=x&state=y&iss=z")).await;
    assert!(page.status.is_client_error() || page.status.is_redirection(), "{}", page.status);
    assert!(person.go(&scene.at("/private/page.shtml")).await.asks_who());
    scene.house.close().await;
}
