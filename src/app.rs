//! What every request shares, and the only wiring: `App::open`.

use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::crypto::keys::{Keyring, SigningKey};
use crate::crypto::secret::Secret;
use crate::delivery::Sender;
use crate::delivery::dev_phone::Phone;
use crate::delivery::route::Ready;
use crate::delivery::smtp::Smtp;
use crate::domain::catalog::{Catalog, SealedCarrier};
use crate::domain::client::Algorithm;
use crate::domain::delivery::CarrierKind;
use crate::domain::time::Time;
use crate::entropy::Entropy;
use crate::store::{self, Db, StoreError};
use crate::telemetry::Metrics;
use crate::text::Texts;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Cheap to clone; one per server.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub issuer: String,
    pub clock: Clock,
    pub entropy: Entropy,
    pub db: Db,
    pub secret: Secret,
    pub texts: Texts,
    pub phone: Phone,
    pub metrics: Metrics,
    /// Rung when a message is written: the worker need not wait for its next look.
    pub bell: Notify,
    /// Set when the server stops: what would go on for ever ends.
    pub stopping: CancellationToken,
    live: RwLock<Arc<Live>>,
}

/// What changes while a server runs, read as one: catalog, keys, carriers ready to send.
#[derive(Default)]
pub struct Live {
    pub catalog: Catalog,
    pub keys: Keyring,
    pub carriers: Vec<Ready>,
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
}

impl App {
    /// Opens the database, brings its tables up to date and reads what was declared.
    pub async fn open(config: Config, issuer: String, secret: Secret, clock: Clock) -> Result<Self, OpenError> {
        let url = database_url(&config);
        let db = Db::open(&url.0, config.database_connections.0).await?;
        db.migrate().await?;
        let app = Self(Arc::new(Parts {
            issuer,
            clock,
            entropy: Entropy,
            db,
            secret,
            texts: Texts::load().map_err(OpenError::Words)?,
            phone: Phone::default(),
            metrics: Metrics::default(),
            bell: Notify::new(),
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
        let carriers = catalog.carriers.iter().filter_map(|sealed| self.ready(sealed)).collect();
        let live = Live { catalog, keys: Keyring::new(keys), carriers };
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
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

    pub fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn now(&self) -> Time {
        self.clock.now()
    }

    pub fn https(&self) -> bool {
        self.issuer.starts_with("https:")
    }

    /// The host people see, for the line that binds an SMS to its site.
    pub fn host(&self) -> String {
        url::Url::parse(&self.issuer).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    fn unseal(&self, stored: &store::keys::StoredKey) -> Result<Arc<SigningKey>, OpenError> {
        let algorithm =
            Algorithm::parse(&stored.algorithm).ok_or_else(|| StoreError::inconsistent("signing_keys", "algorithm"))?;
        let pkcs8 = zeroize::Zeroizing::new(self.secret.seal.open(&key_label(&stored.kid), &stored.sealed)?);
        Ok(Arc::new(SigningKey::read(algorithm, &pkcs8, Time(stored.signs_at), stored.leaves_at.map(Time))?))
    }

    /// A carrier that cannot be made ready is named in the log and left out: the others go on.
    fn ready(&self, sealed: &SealedCarrier) -> Option<Ready> {
        let carrier = &sealed.carrier;
        if !carrier.enabled {
            return None;
        }
        let sender: Arc<dyn Sender> = match &carrier.kind {
            CarrierKind::DevPhone if self.config.allow_dev_phone => Arc::new(self.phone.clone()),
            CarrierKind::DevPhone => return None,
            CarrierKind::Smtp(settings) => {
                let password = sealed
                    .credentials
                    .as_ref()
                    .map(|sealed| self.secret.seal.open(&carrier_label(&carrier.name), sealed))
                    .transpose();
                let made = password.map_err(|error| error.to_string()).and_then(|password| {
                    Smtp::new(settings, password.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()))
                });
                match made {
                    Ok(smtp) => Arc::new(smtp),
                    Err(what) => {
                        tracing::error!(carrier = carrier.name, "carrier cannot be used: {what}");
                        return None;
                    }
                }
            }
        };
        Some(Ready { name: carrier.name.clone(), sender })
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

fn database_url(config: &Config) -> DatabaseUrl {
    let usual = || DatabaseUrl(format!("sqlite:{}", config.data_dir.join("countersign.db").display()));
    config.database_url.clone().unwrap_or_else(usual)
}
