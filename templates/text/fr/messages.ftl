# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } est votre code { $app }. Ref { $tag }
    Ne le donnez à personne.
whatsapp-passcode = *{ $code }* est votre code { $app }. Réf. { $tag }
    Pour votre sécurité, ne le donnez à personne.
# The button under it, which copies the code: at most 25 characters.
copy-code = Copier le code
voice-passcode = Bonjour. Votre code { $app } est : { $code }. Je répète : { $code }. Ne le donnez à personne. Au revoir.
mail-passcode-subject = { $code } est votre code { $app }
mail-passcode-intro = Voici votre code pour vous connecter à { $app } :
mail-passcode-tag = La page de connexion affiche la même marque : { $tag }.
mail-passcode-life = { $minutes ->
    [one] Il est valable une minute. Ne le donnez à personne.
   *[other] Il est valable { $minutes } minutes. Ne le donnez à personne.
}
mail-passcode-ignore = Si vous n'avez pas demandé ce code, vous pouvez ignorer ce message.
