# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } para entrar em { $app }. Ref { $tag }
    Nunca mostre a ninguém.
whatsapp-passcode = *{ $code }* é seu código de { $app }. Ref { $tag }
    Para sua segurança, não o compartilhe.
# The button under it, which copies the code: at most 25 characters.
copy-code = Copiar código
voice-passcode = Olá. Seu código de { $app } é: { $code }. Mais uma vez: { $code }. Não o compartilhe com ninguém. Tchau.
mail-passcode-subject = { $code } é seu código de { $app }
mail-passcode-intro = Este é seu código para entrar em { $app }:
mail-passcode-tag = A página de acesso mostra a mesma marca: { $tag }.
mail-passcode-life = { $minutes ->
    [one] Ele vale por um minuto. Não o compartilhe com ninguém.
   *[other] Ele vale por { $minutes } minutos. Não o compartilhe com ninguém.
}
mail-passcode-ignore = Se você não pediu este código, pode ignorar este e-mail.
