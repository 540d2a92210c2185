# Every page
error-prefix = Error
summary-title = Revisa esto
continue = Continuar
terms = Condiciones
privacy = Privacidad
signed-in-as = Has iniciado sesión como { $who }.

# Identifier
sign-in-title = Inicia sesión
create-title = Crea tu cuenta
lead = Te enviaremos un código. Sin contraseñas.
phone-country = País
phone-number = Número de móvil
phone-why = Usamos tu número solo para enviarte códigos de acceso.
email-address = Correo electrónico
email-why = Usamos tu correo solo para enviarte códigos de acceso.
use-phone = Usar un número de teléfono
use-email = Usar el correo electrónico
use-other = Continuar con { $name }
country-search = Busca por nombre o prefijo
country-found = Países encontrados:
confirm-lead = Enviaremos un código a { $to }. Sin contraseñas.
send-code = Enviar el código

# Passcode
passcode-title = Escribe tu código
sent-sms = Enviamos un código por SMS al { $to }.
sent-whatsapp = Enviamos un código por WhatsApp al { $to }. Míralo en el WhatsApp de tu teléfono.
sent-telegram = Enviamos un código por Telegram al { $to }. Míralo en el Telegram de tu teléfono.
sent-voice = Estamos llamando al { $to } para decirte un código.
sent-email = Enviamos un código por correo a { $to }.
tried-to-send = Intentamos enviar un código a { $to }.
progress-sending = { $by ->
    [whatsapp] Lo estamos enviando por WhatsApp…
    [telegram] Lo estamos enviando por Telegram…
    [voice] Te estamos llamando…
    [email] Lo estamos enviando por correo…
   *[sms] Lo estamos enviando por SMS…
}
progress-sent = { $by ->
    [whatsapp] Enviado por WhatsApp.
    [telegram] Enviado por Telegram.
    [voice] Tu teléfono sonará enseguida.
    [email] Enviado por correo.
   *[sms] Enviado por SMS.
}
progress-delivered = { $by ->
    [whatsapp] Entregado por WhatsApp.
    [telegram] Entregado por Telegram.
    [voice] Ya te llamamos.
    [email] Entregado por correo.
   *[sms] Entregado por SMS.
}
progress-fell = { $from ->
    [whatsapp] WhatsApp no lo ha entregado.
    [telegram] Telegram no lo ha entregado.
    [voice] No pudimos hablar contigo por teléfono.
    [email] El correo no ha llegado.
   *[sms] El SMS no ha llegado.
} { $to ->
    [whatsapp] El mismo código va en camino por WhatsApp.
    [telegram] El mismo código va en camino por Telegram.
    [voice] Te estamos llamando con el mismo código.
    [email] El mismo código va en camino por correo.
   *[sms] El mismo código va en camino por SMS.
}
progress-undelivered = { $by ->
    [email] No pudimos entregarlo. Revisa el correo o elige otra forma.
   *[other] No pudimos entregarlo. Revisa el número o elige otra forma.
}
progress-paused = Los SMS y las llamadas están en pausa por un rato. Elige otra forma o inténtalo más tarde.
progress-bad-number = { $by ->
    [email] Parece que ese correo no existe. Revísalo.
   *[other] Parece que ese número no existe. Revísalo.
}
progress-opted-out = { $by ->
    [whatsapp] Este número nos pidió no enviarle más mensajes por WhatsApp. Elige otra forma.
    [telegram] Este número nos pidió no enviarle más mensajes por Telegram. Elige otra forma.
    [voice] Este número nos pidió no llamarlo más. Elige otra forma.
    [email] Este correo nos pidió no enviarle más mensajes. Elige otra forma.
   *[sms] Este número nos pidió no enviarle más SMS. Elige otra forma.
}
progress-forbidden = { $by ->
    [email] No podemos enviar códigos a este correo. Elige otra forma.
   *[other] No podemos enviar códigos a este número por esta vía. Elige otra forma.
}
tag-on-message = Nuestro mensaje lleva la marca { $tag }.
code-label = Código de { $digits } dígitos
paste-code = Pegar código
no-code-title = ¿No te llega el código?
no-code-spam = Puede estar en la carpeta de correo no deseado.
resend = Enviar el código otra vez
by-sms = Enviarlo por SMS
by-whatsapp = Enviarlo por WhatsApp
by-telegram = Enviarlo por Telegram
by-call = Llamarme
resend-wait = { $seconds ->
    [one] Podrás pedirlo otra vez en { $seconds } segundo.
   *[other] Podrás pedirlo otra vez en { $seconds } segundos.
}
resend-clock = Podrás pedirlo otra vez en { $clock }.
resend-now = Ya puedes pedir el código otra vez.
no-more-sends = Por ahora no podemos enviarlo otra vez.
another-way = Probar otra forma
change-number = Cambiar el número
change-address = Cambiar el correo
sent-again = Enviamos el mismo código otra vez. Sirve cualquiera de nuestros mensajes.
code-renewed = Ese código caducó. Te enviamos uno nuevo.

# What went wrong in a form
phone-empty = Escribe tu número de móvil.
phone-impossible = Ese número no parece correcto. Revisa las cifras y el país.
phone-not-mobile = No podemos enviar códigos a ese número. Escribe un número de móvil.
phone-country-not-offered = Todavía no enviamos códigos a ese país. Usa otro número u otra forma.
email-empty = Escribe tu correo electrónico.
email-invalid = Escribe un correo como nombre@example.com.
code-empty = Escribe el código que te enviamos.
code-format = El código debe tener { $digits } dígitos.
code-wrong = Ese código no es correcto. Mira nuestro mensaje más reciente.
code-wrong-last = { $left ->
    [one] Ese código no es correcto. Te queda un intento.
   *[other] Ese código no es correcto. Te quedan { $left } intentos.
}
code-expired = Ese código caducó. Pide uno nuevo.
code-exhausted = Ese código se probó demasiadas veces. Pide uno nuevo.
code-unavailable = Ahora no podemos comprobar códigos. Inténtalo de nuevo en un momento.
too-many-codes = Has pedido demasiados códigos. Espera unos minutos o usa otra forma.
too-many-tries = Hubo demasiados códigos incorrectos. Espera una hora o usa otra forma.
resend-too-soon = { $seconds ->
    [one] Aún es pronto. Podrás pedirlo otra vez en { $seconds } segundo.
   *[other] Aún es pronto. Podrás pedirlo otra vez en { $seconds } segundos.
}

# Where a sign-in stands
interaction-expired-title = Este inicio de sesión tardó demasiado
interaction-expired-body = Por tu seguridad ha terminado. Empieza de nuevo, es solo un momento.
interaction-foreign-title = Este inicio de sesión empezó en otro lugar
interaction-foreign-body = Se abrió en otro navegador o aplicación. Vuelve allí, o vuelve a la aplicación e inicia sesión desde ella.
interaction-finished-title = Este inicio de sesión ya terminó
interaction-finished-body = Puedes cerrar esta página o ir a la aplicación.
interaction-unknown-title = No conocemos este inicio de sesión
interaction-unknown-body = El enlace puede ser antiguo o estar incompleto. Vuelve a la aplicación e inicia sesión desde allí.
start-again = Empezar de nuevo
back-to-app = Ir a la aplicación

# A person’s own page
account-title = Tu cuenta
account-identifiers = Cómo inicias sesión
account-organizations = Organizaciones
account-sessions = Dónde has iniciado sesión
account-session-here = Este navegador
account-session-elsewhere = Otro navegador
account-everywhere = Cerrar sesión en todas partes
account-apps = Aplicaciones con acceso
account-no-apps = Ninguna aplicación tiene acceso a tu cuenta.
account-take-back = Quitar el acceso
account-open-body = Continúa para ver tus sesiones y las aplicaciones con acceso.
account-over-title = Tu cuenta no está abierta aquí
account-over-body = Por tu seguridad, un enlace a tu cuenta funciona una sola vez, durante cinco minutos. Vuelve a la aplicación y ábrela desde allí.
invitation-title = Esa organización o invitación no vale aquí
invitation-body = Puede que la invitación ya se haya usado o sea demasiado antigua. Pide un enlace nuevo a quien te la envió.

# Errors
request-problem-title = La aplicación pidió algo que no podemos hacer
request-problem-body = No hiciste nada mal. Avisa, por favor, a quienes llevan la aplicación.
unavailable-title = Volvemos enseguida
unavailable-body = Ahora mismo no es posible iniciar sesión. Inténtalo de nuevo en un minuto.
not-found-title = Aquí no hay nada
not-found-body = La dirección puede ser antigua o estar mal escrita.
something-broke-title = Algo ha fallado por nuestra parte
something-broke-body = No es culpa tuya. Inténtalo de nuevo.
error-detail = Para desarrolladores
request-id = Referencia
back = Volver

# Signing out
signed-out-title = Has cerrado la sesión
signed-out-body = Puedes cerrar esta página.
logout-title = ¿Cerrar la sesión?
logout-body = Necesitarás un código nuevo para volver a entrar.
logout-confirm = Cerrar la sesión
logout-everywhere = Cerrar la sesión en todas partes
logout-stay = Seguir con la sesión

# Handing over to the app
one-moment = Un momento
one-moment-body = Si no pasa nada, pulsa «Continuar».

# Calling a sign-in off, and allowing what an app asks for
cancel = Cancelar
cancel-to-app = Cancelar y volver a { $app }
consent-title = ¿Permitir que { $app } acceda a tu cuenta?
consent-unverified = No sabemos quién está detrás de esta aplicación. Continúa solo si confías en ella.
consent-unverified-host = No sabemos quién está detrás de esta aplicación. Viene de { $host }. Continúa solo si confías en ella.
consent-asks = Esta aplicación quiere
scope-openid = Reconocerte cuando vuelvas
scope-profile = Ver tu perfil, como tu nombre y tu número de teléfono
scope-email = Ver tu dirección de correo electrónico
scope-phone = Ver tu número de teléfono
scope-address = Ver tu dirección postal
scope-offline = Conservar este acceso mientras no estás
scope-other = Usar «{ $name }»
scope-resource = Usar { $name } en tu nombre
consent-allow = Permitir
consent-deny = No permitir
consent-host = Después irás a { $host }.
consent-about = Acerca de esta aplicación

# Devices without a browser of their own
device-title = Conecta un dispositivo
device-lead = Escribe el código que muestra tu dispositivo.
device-label = Código de tu dispositivo
device-hint = 8 letras, como WDJB‑MJHT.
device-empty = Escribe el código que muestra tu dispositivo.
device-wrong = Ese código no es correcto o ha caducado. Míralo en tu dispositivo.
device-too-many = Ha habido demasiados códigos incorrectos. Espera una hora e inténtalo de nuevo.
device-code = Tu dispositivo debe mostrar este código: { $code }
device-warning = Continúa solo si este código aparece en un dispositivo tuyo. Si alguien te lo ha enviado, detente aquí: podría entrar en tu cuenta.
device-allowed-title = Tu dispositivo está conectado
device-allowed-body = Vuelve a tu dispositivo. Puedes cerrar esta página.
device-denied-title = Tu dispositivo no se ha conectado
device-denied-body = No recibe nada de tu cuenta. Puedes cerrar esta página.
device-over-title = Este código ha caducado
device-over-body = Pide uno nuevo en tu dispositivo.
device-again = Escribir otro código

# Before an app opens again
success-title = Has iniciado sesión
success-body = Vuelve a { $app } para continuar.
