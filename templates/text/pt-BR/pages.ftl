# Every page
error-prefix = Erro
summary-title = Confira isto
continue = Continuar
terms = Termos
privacy = Privacidade
signed-in-as = Você entrou como { $who }.

# Identifier
sign-in-title = Entrar
create-title = Crie sua conta
lead = Vamos enviar um código. Sem senha.
phone-country = País
phone-number = Número de celular
phone-why = Usamos seu número só para enviar códigos de acesso.
email-address = E-mail
email-why = Usamos seu e-mail só para enviar códigos de acesso.
use-phone = Usar um número de telefone
use-email = Usar o e-mail
use-other = Continuar com { $name }
country-search = Busque por nome ou código
country-found = Países encontrados:
confirm-lead = Vamos enviar um código para { $to }. Sem senha.
send-code = Enviar o código

# Passcode
passcode-title = Digite o código
sent-sms = Enviamos um código por SMS para { $to }.
sent-whatsapp = Enviamos um código pelo WhatsApp para { $to }. Veja no WhatsApp do seu celular.
sent-telegram = Enviamos um código pelo Telegram para { $to }. Veja no Telegram do seu celular.
sent-voice = Estamos ligando para { $to } para informar um código.
sent-email = Enviamos um código por e-mail para { $to }.
tried-to-send = Tentamos enviar um código para { $to }.
progress-sending = { $by ->
    [whatsapp] Enviando pelo WhatsApp…
    [telegram] Enviando pelo Telegram…
    [voice] Ligando para você…
    [email] Enviando por e-mail…
   *[sms] Enviando por SMS…
}
progress-sent = { $by ->
    [whatsapp] Enviado pelo WhatsApp.
    [telegram] Enviado pelo Telegram.
    [voice] Seu telefone deve tocar em instantes.
    [email] Enviado por e-mail.
   *[sms] Enviado por SMS.
}
progress-delivered = { $by ->
    [whatsapp] Entregue pelo WhatsApp.
    [telegram] Entregue pelo Telegram.
    [voice] Ligamos para você.
    [email] Entregue por e-mail.
   *[sms] Entregue por SMS.
}
progress-fell = { $from ->
    [whatsapp] O WhatsApp não entregou.
    [telegram] O Telegram não entregou.
    [voice] Não conseguimos falar com você por telefone.
    [email] O e-mail não chegou.
   *[sms] O SMS não chegou.
} { $to ->
    [whatsapp] O mesmo código está a caminho pelo WhatsApp.
    [telegram] O mesmo código está a caminho pelo Telegram.
    [voice] Estamos ligando para você com o mesmo código.
    [email] O mesmo código está a caminho por e-mail.
   *[sms] O mesmo código está a caminho por SMS.
}
progress-undelivered = { $by ->
    [email] Não conseguimos entregar. Confira o e-mail ou escolha outro jeito.
   *[other] Não conseguimos entregar. Confira o número ou escolha outro jeito.
}
progress-paused = Os SMS e as ligações estão em pausa por um tempo. Escolha outro jeito ou tente mais tarde.
progress-bad-number = { $by ->
    [email] Parece que esse e-mail não existe. Confira.
   *[other] Parece que esse número não existe. Confira.
}
progress-opted-out = { $by ->
    [whatsapp] Este número pediu para não receber mais mensagens nossas pelo WhatsApp. Escolha outro jeito.
    [telegram] Este número pediu para não receber mais mensagens nossas pelo Telegram. Escolha outro jeito.
    [voice] Este número pediu para não receber mais ligações nossas. Escolha outro jeito.
    [email] Este e-mail pediu para não receber mais mensagens nossas. Escolha outro jeito.
   *[sms] Este número pediu para não receber mais SMS nossos. Escolha outro jeito.
}
progress-forbidden = { $by ->
    [email] Não podemos enviar códigos para este e-mail. Escolha outro jeito.
   *[other] Não podemos enviar códigos para este número desse jeito. Escolha outro.
}
tag-on-message = Nossa mensagem traz a marca { $tag }.
code-label = Código de { $digits } dígitos
paste-code = Colar código
no-code-title = O código não chegou?
no-code-spam = Ele pode estar na caixa de spam.
resend = Enviar o código de novo
by-sms = Enviar por SMS
by-whatsapp = Enviar pelo WhatsApp
by-telegram = Enviar pelo Telegram
by-call = Ligar para mim
resend-wait = { $seconds ->
    [one] Você pode pedir de novo em { $seconds } segundo.
   *[other] Você pode pedir de novo em { $seconds } segundos.
}
resend-clock = Você pode pedir de novo em { $clock }.
resend-now = Você já pode pedir o código de novo.
no-more-sends = Por enquanto não podemos enviar de novo.
another-way = Tentar de outro jeito
change-number = Trocar o número
change-address = Trocar o e-mail
sent-again = Enviamos o mesmo código de novo. Qualquer uma das mensagens serve.
code-renewed = Esse código expirou. Enviamos um novo.

# What went wrong in a form
phone-empty = Digite seu número de celular.
phone-impossible = Esse número não parece certo. Confira os dígitos e o país.
phone-not-mobile = Não podemos enviar códigos para esse número. Digite um celular.
phone-country-not-offered = Ainda não enviamos códigos para esse país. Use outro número ou outro jeito.
email-empty = Digite seu e-mail.
email-invalid = Digite um e-mail como nome@example.com.
code-empty = Digite o código que enviamos.
code-format = O código deve ter { $digits } dígitos.
code-wrong = Esse código não está certo. Veja nossa mensagem mais recente.
code-wrong-last = { $left ->
    [one] Esse código não está certo. Resta uma tentativa.
   *[other] Esse código não está certo. Restam { $left } tentativas.
}
code-expired = Esse código expirou. Peça um novo.
code-exhausted = Esse código foi tentado vezes demais. Peça um novo.
code-unavailable = Não conseguimos verificar códigos agora. Tente de novo em instantes.
too-many-codes = Você pediu códigos demais. Espere alguns minutos ou use outro jeito.
too-many-tries = Houve códigos errados demais. Espere uma hora ou use outro jeito.
resend-too-soon = { $seconds ->
    [one] Ainda é cedo. Você pode pedir de novo em { $seconds } segundo.
   *[other] Ainda é cedo. Você pode pedir de novo em { $seconds } segundos.
}

# Where a sign-in stands
interaction-expired-title = Este acesso demorou demais
interaction-expired-body = Para sua segurança, ele foi encerrado. Comece de novo, é rapidinho.
interaction-foreign-title = Este acesso começou em outro lugar
interaction-foreign-body = Ele foi aberto em outro navegador ou aplicativo. Volte para lá, ou volte ao aplicativo e entre por lá.
interaction-finished-title = Este acesso já foi concluído
interaction-finished-body = Você pode fechar esta página ou ir para o aplicativo.
interaction-unknown-title = Não conhecemos este acesso
interaction-unknown-body = O link pode ser antigo ou estar incompleto. Volte ao aplicativo e entre por lá.
start-again = Começar de novo
back-to-app = Ir para o aplicativo

# A person’s own page
account-title = Sua conta
account-identifiers = Como você entra
account-organizations = Organizações
account-sessions = Onde você está conectado
account-session-here = Este navegador
account-session-elsewhere = Outro navegador
account-everywhere = Sair de todos os lugares
account-apps = Aplicativos com acesso
account-no-apps = Nenhum aplicativo tem acesso à sua conta.
account-take-back = Remover o acesso
account-open-body = Continue para ver seus acessos e os aplicativos com acesso.
account-over-title = Sua conta não está aberta aqui
account-over-body = Para sua segurança, um link para a sua conta funciona uma única vez, por cinco minutos. Volte ao aplicativo e abra por lá.
invitation-title = Essa organização ou convite não vale aqui
invitation-body = O convite pode já ter sido usado ou ser antigo demais. Peça um novo link a quem o enviou.

# Errors
request-problem-title = O aplicativo pediu algo que não podemos fazer
request-problem-body = Você não fez nada de errado. Avise, por favor, quem cuida do aplicativo.
unavailable-title = Voltamos já
unavailable-body = Não é possível entrar agora. Tente de novo em um minuto.
not-found-title = Não há nada aqui
not-found-body = O endereço pode ser antigo ou estar errado.
something-broke-title = Algo falhou do nosso lado
something-broke-body = A culpa não é sua. Tente de novo.
error-detail = Para desenvolvedores
request-id = Referência
back = Voltar

# Signing out
signed-out-title = Você saiu da sua conta
signed-out-body = Você pode fechar esta página.
logout-title = Sair da conta?
logout-body = Você vai precisar de um novo código para entrar de novo.
logout-confirm = Sair
logout-everywhere = Sair de todos os lugares
logout-stay = Continuar na conta

# Handing over to the app
one-moment = Um momento
one-moment-body = Se nada acontecer, toque em “Continuar”.

# Calling a sign-in off, and allowing what an app asks for
cancel = Cancelar
cancel-to-app = Cancelar e voltar para { $app }
consent-title = Permitir que { $app } acesse sua conta?
consent-unverified = Não sabemos quem mantém este aplicativo. Continue só se confiar nele.
consent-unverified-host = Não sabemos quem mantém este aplicativo. Ele vem de { $host }. Continue só se confiar nele.
consent-asks = Este aplicativo gostaria de
scope-openid = Reconhecer você quando voltar
scope-profile = Ver seu perfil, como seu nome e número de telefone
scope-email = Ver seu endereço de e-mail
scope-phone = Ver seu número de telefone
scope-address = Ver seu endereço postal
scope-offline = Manter este acesso mesmo quando você não estiver
scope-other = Usar “{ $name }”
scope-resource = Usar { $name } em seu nome
consent-allow = Permitir
consent-deny = Não permitir
consent-host = Depois você vai para { $host }.
consent-about = Sobre este aplicativo

# Devices without a browser of their own
device-title = Conectar um aparelho
device-lead = Digite o código que o aparelho mostra.
device-label = Código no aparelho
device-hint = 8 letras, como WDJB‑MJHT.
device-empty = Digite o código que o aparelho mostra.
device-wrong = Esse código não está certo ou expirou. Confira no aparelho.
device-too-many = Foram muitos códigos errados. Espere uma hora e tente de novo.
device-code = O aparelho deve mostrar este código: { $code }
device-warning = Continue só se este código estiver em um aparelho seu. Se alguém o enviou a você, pare aqui: essa pessoa poderia entrar na sua conta.
device-allowed-title = Seu aparelho está conectado
device-allowed-body = Volte ao aparelho. Você pode fechar esta página.
device-denied-title = Seu aparelho não foi conectado
device-denied-body = Ele não recebe nada da sua conta. Você pode fechar esta página.
device-over-title = Este código expirou
device-over-body = Peça um novo no aparelho.
device-again = Digitar outro código

# Before an app opens again
success-title = Você entrou
success-body = Volte para { $app } para continuar.
