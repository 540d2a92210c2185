# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } es tu clave de { $app }. Ref { $tag }
    No la compartas con nadie.
whatsapp-passcode = *{ $code }* es tu código de { $app }. Ref { $tag }
    Por tu seguridad, no lo compartas.
# The button under it, which copies the code: at most 25 characters.
copy-code = Copiar código
voice-passcode = Hola. Tu código de { $app } es: { $code }. Otra vez: { $code }. No lo compartas con nadie. Adiós.
mail-passcode-subject = { $code } es tu código de { $app }
mail-passcode-intro = Este es tu código para entrar en { $app }:
mail-passcode-tag = La página de acceso muestra la misma marca: { $tag }.
mail-passcode-life = { $minutes ->
    [one] Sirve durante un minuto. No lo compartas con nadie.
   *[other] Sirve durante { $minutes } minutos. No lo compartas con nadie.
}
mail-passcode-ignore = Si no pediste este código, puedes ignorar este correo.
