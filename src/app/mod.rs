//! What every request shares, and the only wiring: `App::open`.

mod alerts;
mod client_keys;
mod documents;
mod news;
mod words;

pub use client_keys::{ClientKeys, Published};
pub use news::Listening;
pub use words::{Said, Sample, Sentence};

use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::crypto::jwk::KeySet;
use crate::crypto::keys::{Keyring, SigningKey};
use crate::crypto::secret::Secret;
use crate::delivery::dev_phone::Phone;
use crate::delivery::health::Health;
use crate::delivery::route::Ready;
use crate::delivery::web::Web;
use crate::delivery::{self, Outside};
use crate::domain::carrier::{Carrier, CarrierKind, Credentials};
use crate::domain::catalog::{Catalog, SealedCarrier};
use crate::domain::client::{Algorithm, Client};
use crate::domain::ids::{AttemptId, ChallengeId, ClientId};
use crate::domain::portal;
use crate::domain::time::Time;
use crate::entropy::Entropy;
use crate::store::{self, Db, StoreError};
use crate::telemetry::{Metrics, Outcome};
use crate::text::{Texts, Words};
use alerts::Alerts;
use documents::Documents;
use news::News;
use std::collections::HashMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Messages on their way to one carrier at once.
const AT_ONE_CARRIER: usize = 1024;
/// … and at one that has answered nobody for a while: each holds memory until it times out.
const AT_ONE_THAT_HANGS: usize = 64;
/// How long one more waits for a place before it is taken elsewhere.
const QUEUED: Duration = Duration::from_millis(500);

/// Cheap to clone; one per server.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub issuer: String,
    /// The host people see, for the line that binds an SMS to its site.
    pub host: String,
    pub clock: Clock,
    pub entropy: Entropy,
    pub db: Db,
    pub secret: Secret,
    pub texts: Texts,
    pub phone: Phone,
    pub metrics: Metrics,
    /// How each carrier does, seen from this node.
    pub health: Health,
    /// Who waits for news of a challenge.
    pub news: News,
    pub alerts: Alerts,
    pub web: Web,
    /// Keys that clients publish, as they were last read.
    pub client_keys: ClientKeys,
    /// Messages on their way to each carrier.
    places: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// Rung when a message is written: the worker need not wait for its next look.
    pub bell: Notify,
    /// Metadata of clients that nobody declared, as last read.
    pub documents: Documents,
    /// Rung when clients are to be told of a sign-out.
    pub notices: Notify,
    /// Rung when endpoints are to be told of what happened.
    pub events: Notify,
    /// Set when the server stops: what would go on for ever ends.
    pub stopping: CancellationToken,
    live: RwLock<Arc<Live>>,
}

/// What changes while a server runs, read as one: catalog, keys, carriers ready to send.
#[derive(Clone, Default)]
pub struct Live {
    pub catalog: Catalog,
    pub keys: Keyring,
    /// What clients registered as their `jwks`, by client.
    declared_keys: HashMap<String, Arc<KeySet>>,
    pub carriers: Vec<Ready>,
    /// Languages spoken in the operator's words, by application (empty for all) and tag.
    worded: HashMap<(String, String), Arc<Words>>,
    /// Carriers that cannot be used, and why.
    pub unusable: Vec<(String, String)>,
}

impl Live {
    /// A carrier that can be used, by its name.
    pub fn carrier(&self, name: &str) -> Option<&Ready> {
        self.carriers.iter().find(|ready| ready.name() == name)
    }

    /// The keys this client registered in place. Whose metadata stand elsewhere has them in no catalog.
    pub fn declared_keys(&self, client: &Client) -> Option<Arc<KeySet>> {
        let read = || client_keys::declared(client).map(Arc::new);
        self.declared_keys.get(client.id.as_str()).cloned().or_else(read)
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Crypto(#[from] crate::crypto::CryptoError),
    #[error("{0}")]
    Words(String),
    #[error("{0}")]
    Web(String),
}

impl App {
    /// Opens the database, brings its tables up to date and reads what was declared.
    pub async fn open(config: Config, issuer: String, secret: Secret, clock: Clock) -> Result<Self, OpenError> {
        let url = database_url(&config);
        let db = Db::open(&url.0, config.database_connections.0).await?;
        db.migrate().await?;
        let host = url::Url::parse(&issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        let app = Self(Arc::new(Parts {
            issuer,
            host: host.unwrap_or_default(),
            clock,
            entropy: Entropy,
            db,
            secret,
            texts: Texts::load().map_err(OpenError::Words)?,
            phone: Phone::default(),
            metrics: Metrics::default(),
            health: Health::default(),
            news: News::default(),
            alerts: Alerts::default(),
            web: reaching(&config).map_err(OpenError::Web)?,
            client_keys: ClientKeys::default(),
            places: Mutex::default(),
            bell: Notify::new(),
            documents: Documents::default(),
            notices: Notify::new(),
            events: Notify::new(),
            stopping: CancellationToken::new(),
            live: RwLock::default(),
            config,
        }));
        app.reload().await?;
        Ok(app)
    }

    /// Reads catalog and keys anew.
    pub async fn reload(&self) -> Result<(), OpenError> {
        let mut tx = self.db.begin().await?;
        let mut catalog = store::catalog::list(&mut tx).await?;
        let keys = store::keys::list(&mut tx).await?;
        drop(tx);
        if !self.config.allow_test_identifiers {
            catalog.test_identifiers.clear();
        }
        let keys = keys.iter().map(|key| self.unseal(key)).collect::<Result<_, _>>()?;
        let mut live = Live { keys: Keyring::new(keys), ..Live::default() };
        for sealed in catalog.carriers.iter().filter(|sealed| self.may_use(&sealed.carrier)) {
            match self.ready(sealed) {
                Ok(ready) => live.carriers.push(ready),
                Err(what) => {
                    // The others go on.
                    tracing::error!(carrier = sealed.carrier.name, "carrier cannot be used: {what}");
                    live.unusable.push((sealed.carrier.name.clone(), what));
                }
            }
        }
        let keyed = |client: &Arc<Client>| Some((client.id.to_string(), Arc::new(client_keys::declared(client)?)));
        live.declared_keys = catalog.clients.values().filter_map(keyed).collect();
        live.worded = words::worded(&self.texts, &catalog);
        let portal = portal::client(&self.issuer, &catalog);
        catalog.clients.insert(portal.id.to_string(), Arc::new(portal));
        live.catalog = catalog;
        let mut now = self.live.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever began to read later may have been done sooner: what is known already stays known.
        if live.catalog.revision >= now.catalog.revision {
            *now = Arc::new(live);
        }
        Ok(())
    }

    /// Reads anew when somebody changed something: another node, or `apply`.
    pub async fn reload_if_changed(&self) -> Result<bool, OpenError> {
        let (revision, _) = store::catalog::find_revision(&self.db).await?;
        let changed = revision != self.live().catalog.revision;
        if changed {
            self.reload().await?;
        }
        Ok(changed)
    }

    /// One client changed, or is gone, in the revision after `from`: whoever stands at `from` need not read everything anew.
    /// `false` for whoever stands elsewhere.
    pub fn take_over(&self, from: i64, id: &ClientId, client: Option<&Client>) -> bool {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        if live.catalog.revision != from {
            return false;
        }
        let mut next = Live::clone(&live);
        next.catalog.revision = from + 1;
        next.catalog.clients.remove(id.as_str());
        next.declared_keys.remove(id.as_str());
        if let Some(client) = client {
            let keys = client_keys::declared(client).map(|keys| (id.to_string(), Arc::new(keys)));
            next.declared_keys.extend(keys);
            next.catalog.clients.insert(id.to_string(), Arc::new(client.clone()));
        }
        *live = Arc::new(next);
        true
    }

    /// A client as it is known here without asking anybody: declared, registered, or read where its id says.
    pub fn known(&self, id: &str) -> Option<Arc<Client>> {
        let declared = self.live().catalog.client(id).cloned();
        declared.or_else(|| self.documents.find(id, self.now()).map(|held| held.client))
    }

    pub fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn now(&self) -> Time {
        self.clock.now()
    }

    pub fn https(&self) -> bool {
        self.issuer.starts_with("https:")
    }

    fn unseal(&self, stored: &store::keys::StoredKey) -> Result<Arc<SigningKey>, OpenError> {
        let algorithm =
            Algorithm::parse(&stored.algorithm).ok_or_else(|| StoreError::inconsistent("signing_keys", "algorithm"))?;
        let pkcs8 = zeroize::Zeroizing::new(self.secret.seal.open(&key_label(&stored.kid), &stored.sealed)?);
        Ok(Arc::new(SigningKey::read(algorithm, &pkcs8, Time(stored.signs_at), stored.leaves_at.map(Time))?))
    }

    fn may_use(&self, carrier: &Carrier) -> bool {
        carrier.enabled && (carrier.kind != CarrierKind::DevPhone || self.config.allow_dev_phone)
    }

    /// A carrier with its credentials, ready to send; or why it cannot.
    fn ready(&self, sealed: &SealedCarrier) -> Result<Ready, String> {
        let outside = Outside { web: self.web.clone(), phone: Some(self.phone.clone()) };
        delivery::ready(&sealed.carrier, &self.credentials(sealed).map_err(|error| error.to_string())?, &outside)
    }

    /// A carrier as it would be, to be looked at; nobody is sent anything by it.
    pub fn try_out(&self, carrier: &Carrier, credentials: &Credentials) -> Result<Ready, String> {
        let phone = self.config.allow_dev_phone.then(|| self.phone.clone());
        delivery::ready(carrier, credentials, &Outside { web: self.web.clone(), phone })
    }

    pub fn credentials(&self, sealed: &SealedCarrier) -> Result<Credentials, crate::crypto::CryptoError> {
        let label = carrier_label(&sealed.carrier.name);
        let opened = sealed.credentials.as_ref().map(|credentials| self.secret.seal.open(&label, credentials));
        Ok(opened.transpose()?.map(|bytes| Credentials::of_bytes(&zeroize::Zeroizing::new(bytes))).unwrap_or_default())
    }

    /// A place among the messages on their way to this carrier, unless too many are and stay: a slow one must not hold up
    /// the others.
    pub async fn place(&self, carrier: &str) -> Option<OwnedSemaphorePermit> {
        let places = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            places.entry(carrier.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONE_CARRIER))).clone()
        };
        let on_their_way = AT_ONE_CARRIER.saturating_sub(places.available_permits());
        if on_their_way >= AT_ONE_THAT_HANGS && self.health.hangs(carrier, self.now()) {
            return None;
        }
        tokio::time::timeout(QUEUED, places.acquire_owned()).await.ok()?.ok()
    }

    /// Where a carrier posts what became of this attempt; nothing where it could not reach us.
    pub fn receipts_url(&self, carrier: &Carrier, attempt: &AttemptId) -> Option<String> {
        let reachable = self.https() || carrier.allow_private;
        reachable.then(|| format!("{}?attempt={attempt}", self.receipts_address(&carrier.name)))
    }

    /// The address a carrier's receipts come to.
    pub fn receipts_address(&self, carrier: &str) -> String {
        format!("{}/carriers/{carrier}/receipts", self.issuer)
    }

    /// Something an operator has to look at. `about` names a carrier or a cap, never a person.
    pub fn alert(&self, kind: &'static str, about: &str, text: &str) {
        self.metrics.alerts.get_or_create(&Outcome { outcome: kind }).inc();
        if self.alerts.raise(kind, about, text, self.now()) {
            tracing::error!(alert = kind, about, "{text}");
        }
    }

    /// Pages that wait for this challenge look again.
    pub fn tell(&self, challenge: &ChallengeId) {
        self.news.tell(challenge);
    }
}

/// What a sealed signing key is bound to.
pub fn key_label(kid: &str) -> String {
    format!("signing key {kid}")
}

/// What sealed carrier credentials are bound to.
pub fn carrier_label(name: &str) -> String {
    format!("carrier {name}")
}

/// Binds a client's sealed secret to its client.
pub fn secret_label(client: &str) -> String {
    format!("client {client}")
}

/// Binds the sealed secret of an event endpoint to that endpoint.
pub fn endpoint_label(name: &str) -> String {
    format!("event endpoint {name}")
}

/// The outside world, as far as this installation reaches into it.
fn reaching(config: &Config) -> Result<Web, String> {
    let read =
        |path: &PathBuf| std::fs::read(path).map_err(|error| format!("web.extra_ca_file: {}: {error}", path.display()));
    let authorities = config.web_extra_ca_file.as_ref().map(read).transpose()?;
    Web::reaching(config.web_allow_private, authorities.as_deref())
}

fn database_url(config: &Config) -> DatabaseUrl {
    let usual = || DatabaseUrl(format!("sqlite:{}", config.data_dir.join("countersign.db").display()));
    config.database_url.clone().unwrap_or_else(usual)
}
