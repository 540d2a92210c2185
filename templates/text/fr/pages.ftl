# Every page
error-prefix = Erreur
summary-title = À vérifier
continue = Continuer
terms = Conditions
privacy = Confidentialité
signed-in-as = Vous êtes connecté en tant que { $who }.

# Identifier
sign-in-title = Se connecter
create-title = Créez votre compte
lead = Nous vous enverrons un code. Aucun mot de passe.
phone-country = Pays
phone-number = Numéro de mobile
phone-why = Votre numéro nous sert uniquement à envoyer des codes de connexion.
email-address = Adresse e-mail
email-why = Votre adresse nous sert uniquement à envoyer des codes de connexion.
use-phone = Utiliser un numéro de téléphone
use-email = Utiliser une adresse e-mail
use-other = Continuer avec { $name }
country-search = Chercher par nom ou indicatif
country-found = Pays trouvés :
confirm-lead = Nous enverrons un code à { $to }. Aucun mot de passe.
send-code = Envoyer le code

# Passcode
passcode-title = Saisissez votre code
sent-sms = Nous avons envoyé un code par SMS au { $to }.
sent-whatsapp = Nous avons envoyé un code sur WhatsApp au { $to }. Regardez WhatsApp sur votre téléphone.
sent-telegram = Nous avons envoyé un code sur Telegram au { $to }. Regardez Telegram sur votre téléphone.
sent-voice = Nous appelons le { $to } pour vous dicter un code.
sent-email = Nous avons envoyé un code par e-mail à { $to }.
tried-to-send = Nous avons essayé d’envoyer un code à { $to }.
progress-sending = { $by ->
    [whatsapp] Envoi sur WhatsApp…
    [telegram] Envoi sur Telegram…
    [voice] Nous vous appelons…
    [email] Envoi par e-mail…
   *[sms] Envoi par SMS…
}
progress-sent = { $by ->
    [whatsapp] Envoyé sur WhatsApp.
    [telegram] Envoyé sur Telegram.
    [voice] Votre téléphone va sonner.
    [email] Envoyé par e-mail.
   *[sms] Envoyé par SMS.
}
progress-delivered = { $by ->
    [whatsapp] Remis sur WhatsApp.
    [telegram] Remis sur Telegram.
    [voice] L’appel a abouti.
    [email] Remis par e-mail.
   *[sms] Remis par SMS.
}
progress-fell = { $from ->
    [whatsapp] WhatsApp ne l’a pas remis.
    [telegram] Telegram ne l’a pas remis.
    [voice] L’appel n’a pas abouti.
    [email] L’e-mail n’est pas arrivé.
   *[sms] Le SMS n’est pas arrivé.
} { $to ->
    [whatsapp] Le même code arrive sur WhatsApp.
    [telegram] Le même code arrive sur Telegram.
    [voice] Nous vous appelons avec le même code.
    [email] Le même code arrive par e-mail.
   *[sms] Le même code arrive par SMS.
}
progress-undelivered = { $by ->
    [email] Nous n’avons pas pu le remettre. Vérifiez l’adresse ou choisissez un autre moyen.
   *[other] Nous n’avons pas pu le remettre. Vérifiez le numéro ou choisissez un autre moyen.
}
progress-paused = Les SMS et les appels sont suspendus pour un moment. Choisissez un autre moyen ou réessayez plus tard.
progress-bad-number = { $by ->
    [email] Cette adresse ne semble pas exister. Vérifiez-la.
   *[other] Ce numéro ne semble pas exister. Vérifiez-le.
}
progress-opted-out = { $by ->
    [whatsapp] Ce numéro nous a demandé de ne plus envoyer de messages WhatsApp. Choisissez un autre moyen.
    [telegram] Ce numéro nous a demandé de ne plus envoyer de messages Telegram. Choisissez un autre moyen.
    [voice] Ce numéro nous a demandé de ne plus appeler. Choisissez un autre moyen.
    [email] Cette adresse nous a demandé de ne plus envoyer d’e-mails. Choisissez un autre moyen.
   *[sms] Ce numéro nous a demandé de ne plus envoyer de SMS. Choisissez un autre moyen.
}
progress-forbidden = { $by ->
    [email] Nous ne pouvons pas envoyer de code à cette adresse. Choisissez un autre moyen.
   *[other] Nous ne pouvons pas envoyer de code à ce numéro par ce moyen. Choisissez-en un autre.
}
tag-on-message = Notre message porte la marque { $tag }.
code-label = Code à { $digits } chiffres
paste-code = Coller le code
no-code-title = Pas encore de code ?
no-code-spam = Il se trouve peut-être dans vos courriers indésirables.
resend = Renvoyer le code
by-sms = L’envoyer par SMS
by-whatsapp = L’envoyer par WhatsApp
by-telegram = L’envoyer par Telegram
by-call = M’appeler
resend-wait = { $seconds ->
    [one] Vous pourrez le redemander dans { $seconds } seconde.
   *[other] Vous pourrez le redemander dans { $seconds } secondes.
}
resend-clock = Vous pourrez le redemander dans { $clock }.
resend-now = Vous pouvez maintenant redemander le code.
no-more-sends = Nous ne pouvons pas le renvoyer pour le moment.
another-way = Essayer autrement
change-number = Changer de numéro
change-address = Changer d’adresse
sent-again = Nous avons renvoyé le même code. Tous nos messages conviennent.
code-renewed = Ce code a expiré. Nous vous en avons envoyé un nouveau.

# What went wrong in a form
phone-empty = Saisissez votre numéro de mobile.
phone-impossible = Ce numéro semble incorrect. Vérifiez les chiffres et le pays.
phone-not-mobile = Nous ne pouvons pas envoyer de code à ce numéro. Saisissez un mobile.
phone-country-not-offered = Nous n’envoyons pas encore de codes dans ce pays. Utilisez un autre numéro ou un autre moyen.
email-empty = Saisissez votre adresse e-mail.
email-invalid = Saisissez une adresse comme nom@example.com.
code-empty = Saisissez le code que nous avons envoyé.
code-format = Le code doit comporter { $digits } chiffres.
code-wrong = Ce code n’est pas le bon. Regardez notre dernier message.
code-wrong-last = { $left ->
    [one] Ce code n’est pas le bon. Il vous reste un essai.
   *[other] Ce code n’est pas le bon. Il vous reste { $left } essais.
}
code-expired = Ce code a expiré. Demandez-en un nouveau.
code-exhausted = Ce code a été essayé trop de fois. Demandez-en un nouveau.
code-unavailable = Nous ne pouvons pas vérifier les codes pour le moment. Réessayez dans un instant.
too-many-codes = Vous avez demandé trop de codes. Attendez quelques minutes ou utilisez un autre moyen.
too-many-tries = Il y a eu trop de codes incorrects. Attendez une heure ou utilisez un autre moyen.
resend-too-soon = { $seconds ->
    [one] C’est un peu tôt. Vous pourrez le redemander dans { $seconds } seconde.
   *[other] C’est un peu tôt. Vous pourrez le redemander dans { $seconds } secondes.
}

# Where a sign-in stands
interaction-expired-title = Cette connexion a pris trop de temps
interaction-expired-body = Pour votre sécurité, elle est terminée. Recommencez, c’est l’affaire d’un instant.
interaction-foreign-title = Cette connexion a commencé ailleurs
interaction-foreign-body = Elle a été ouverte dans un autre navigateur ou une autre application. Retournez-y, ou revenez à l’application et connectez-vous depuis là.
interaction-finished-title = Cette connexion est terminée
interaction-finished-body = Vous pouvez fermer cette page ou aller à l’application.
interaction-unknown-title = Nous ne connaissons pas cette connexion
interaction-unknown-body = Le lien est peut-être ancien ou incomplet. Retournez à l’application et connectez-vous depuis là.
start-again = Recommencer
back-to-app = Aller à l’application

# A person’s own page
account-title = Votre compte
account-identifiers = Comment vous vous connectez
account-organizations = Organisations
account-sessions = Où vous êtes connecté
account-session-here = Ce navigateur
account-session-elsewhere = Un autre navigateur
account-everywhere = Se déconnecter partout
account-apps = Applications ayant accès
account-no-apps = Aucune application n’a accès à votre compte.
account-take-back = Retirer l’accès
account-open-body = Continuez pour voir vos connexions et les applications qui ont accès.
account-over-title = Votre compte n’est pas ouvert ici
account-over-body = Pour votre sécurité, un lien vers votre compte fonctionne une seule fois, pendant cinq minutes. Revenez à l’application et ouvrez-le de là.
invitation-title = Cette organisation ou cette invitation n’est pas valable ici
invitation-body = L’invitation a peut-être déjà servi ou est trop ancienne. Demandez un nouveau lien à qui vous l’a envoyée.

# Errors
request-problem-title = L’application a demandé quelque chose que nous ne pouvons pas faire
request-problem-body = Vous n’y êtes pour rien. Prévenez, s’il vous plaît, les responsables de l’application.
unavailable-title = Nous revenons tout de suite
unavailable-body = La connexion n’est pas possible pour l’instant. Réessayez dans une minute.
not-found-title = Il n’y a rien ici
not-found-body = L’adresse est peut-être ancienne ou mal saisie.
something-broke-title = Un problème est survenu de notre côté
something-broke-body = Vous n’y êtes pour rien. Réessayez.
error-detail = Pour les développeurs
request-id = Référence
back = Retour

# Signing out
signed-out-title = Vous êtes déconnecté
signed-out-body = Vous pouvez fermer cette page.
logout-title = Se déconnecter ?
logout-body = Il vous faudra un nouveau code pour vous reconnecter.
logout-confirm = Se déconnecter
logout-everywhere = Se déconnecter partout
logout-stay = Rester connecté

# Handing over to the app
one-moment = Un instant
one-moment-body = Si rien ne se passe, appuyez sur « Continuer ».

# Calling a sign-in off, and allowing what an app asks for
cancel = Annuler
cancel-to-app = Annuler et revenir à { $app }
consent-title = Autoriser { $app } à accéder à votre compte ?
consent-unverified = Nous ne savons pas qui gère cette application. Continuez seulement si vous lui faites confiance.
consent-unverified-host = Nous ne savons pas qui gère cette application. Elle vient de { $host }. Continuez seulement si vous lui faites confiance.
consent-asks = Cette application souhaite
scope-openid = Vous reconnaître quand vous revenez
scope-profile = Voir votre profil, comme votre nom et votre numéro de téléphone
scope-email = Voir votre adresse e-mail
scope-phone = Voir votre numéro de téléphone
scope-address = Voir votre adresse postale
scope-offline = Garder cet accès en votre absence
scope-other = Utiliser « { $name } »
scope-resource = Utiliser { $name } en votre nom
consent-allow = Autoriser
consent-deny = Ne pas autoriser
consent-host = Vous irez ensuite sur { $host }.
consent-about = À propos de cette application

# Devices without a browser of their own
device-title = Connecter un appareil
device-lead = Saisissez le code affiché par votre appareil.
device-label = Code sur votre appareil
device-hint = 8 lettres, comme WDJB‑MJHT.
device-empty = Saisissez le code affiché par votre appareil.
device-wrong = Ce code n’est pas le bon, ou il a expiré. Vérifiez sur votre appareil.
device-too-many = Il y a eu trop de codes erronés. Attendez une heure, puis réessayez.
device-code = Votre appareil doit afficher ce code : { $code }
device-warning = Continuez seulement si ce code est sur un appareil à vous. Si quelqu’un vous l’a envoyé, arrêtez-vous ici : cette personne pourrait entrer dans votre compte.
device-allowed-title = Votre appareil est connecté
device-allowed-body = Revenez à votre appareil. Vous pouvez fermer cette page.
device-denied-title = Votre appareil n’a pas été connecté
device-denied-body = Il ne reçoit rien de votre compte. Vous pouvez fermer cette page.
device-over-title = Ce code a expiré
device-over-body = Demandez-en un nouveau à votre appareil.
device-again = Saisir un autre code

# Before an app opens again
success-title = Vous êtes connecté
success-body = Revenez à { $app } pour continuer.
