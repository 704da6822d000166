// What forms say by themselves, in the languages they can have. Pure.

export const languages = ['en', 'de', 'fr', 'es', 'it', 'nl'] as const
export type Language = (typeof languages)[number]

export const languageNames: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  nl: 'Nederlands',
}

export interface FormWords {
  send: string
  choose: string
  privacy: string
  thanks: string
  /** after the message, where a mail has to be followed */
  checkMail: string
  missing: string
  agree: string
  email: string
  phone: string
  number: string
  date: string
  option: string
  tooLong: string
  wrong: string
  tooFast: string
  expired: string
  trap: string
  busy: string
  work: string
  worn: string
  failed: string
  closed: string
  letterSubject: string
  letterText: string
  letterAction: string
  letterAfter: string
  confirmTitle: string
  confirmText: string
  confirmed: string
  linkOver: string
}

export const formWords: Record<Language, FormWords> = {
  en: {
    send: 'Send',
    choose: 'Please choose',
    privacy: 'Privacy notice',
    thanks: 'Thank you, your message has arrived.',
    checkMail: 'Please confirm your address: a mail with a link is on its way to you.',
    missing: 'Please fill this in.',
    agree: 'Please tick this to go on.',
    email: 'Please enter an e-mail address such as name@example.com.',
    phone: 'Please enter a phone number with its country code, such as +44 20 7946 0000.',
    number: 'Please enter a number.',
    date: 'Please enter a date.',
    option: 'Please choose one of the options.',
    tooLong: 'Please write less here.',
    wrong: 'Please check what is marked below, then send again.',
    tooFast: 'That was sent quicker than a person can. Wait a moment, then send again.',
    expired: 'This page was open for too long. Please send it once more.',
    trap: 'A field that nobody can see was filled in. Turn off automatic filling for this page, then send again.',
    busy: 'Too much was sent from your connection. Please try again in ten minutes.',
    work: 'Your browser did not finish its check. Turn JavaScript on, then send again.',
    worn: 'This page was sent too often. Open it anew, then send again.',
    failed: 'That did not get through. Please try again.',
    closed: 'This form no longer takes answers.',
    letterSubject: 'Please confirm your e-mail address',
    letterText: 'You gave this address in a form. Please confirm that it was you.',
    letterAction: 'Confirm my address',
    letterAfter:
      'The link works for seven days. If it was not you, leave this mail alone: nothing more will come.',
    confirmTitle: 'Confirm your address',
    confirmText: 'With this you confirm:',
    confirmed: 'Thank you, your address is confirmed.',
    linkOver: 'This link no longer works. Please fill in the form once more.',
  },
  de: {
    send: 'Absenden',
    choose: 'Bitte wählen',
    privacy: 'Datenschutzhinweise',
    thanks: 'Vielen Dank, Ihre Nachricht ist angekommen.',
    checkMail: 'Bitte bestätigen Sie Ihre Adresse: Eine E-Mail mit einem Link ist unterwegs.',
    missing: 'Bitte füllen Sie dieses Feld aus.',
    agree: 'Bitte setzen Sie hier ein Häkchen.',
    email: 'Bitte geben Sie eine E-Mail-Adresse wie name@beispiel.de an.',
    phone: 'Bitte geben Sie eine Telefonnummer mit Ländervorwahl an, etwa +49 30 1234567.',
    number: 'Bitte geben Sie eine Zahl an.',
    date: 'Bitte geben Sie ein Datum an.',
    option: 'Bitte wählen Sie eine der Möglichkeiten.',
    tooLong: 'Bitte schreiben Sie hier weniger.',
    wrong: 'Bitte prüfen Sie die markierten Felder und senden Sie noch einmal.',
    tooFast: 'Das ging schneller, als ein Mensch schreibt. Bitte kurz warten und noch einmal senden.',
    expired: 'Die Seite war zu lange offen. Bitte senden Sie noch einmal.',
    trap: 'Ein unsichtbares Feld wurde ausgefüllt. Bitte schalten Sie automatisches Ausfüllen ab und senden Sie noch einmal.',
    busy: 'Von Ihrem Anschluss kam zu viel. Bitte versuchen Sie es in zehn Minuten noch einmal.',
    work: 'Ihr Browser hat die Prüfung nicht beendet. Bitte schalten Sie JavaScript ein und senden Sie noch einmal.',
    worn: 'Diese Seite wurde zu oft gesendet. Bitte öffnen Sie sie neu.',
    failed: 'Das ist nicht angekommen. Bitte versuchen Sie es noch einmal.',
    closed: 'Dieses Formular nimmt nichts mehr an.',
    letterSubject: 'Bitte bestätigen Sie Ihre E-Mail-Adresse',
    letterText:
      'Sie haben diese Adresse in einem Formular angegeben. Bitte bestätigen Sie, dass Sie es waren.',
    letterAction: 'Adresse bestätigen',
    letterAfter:
      'Der Link gilt sieben Tage. Waren Sie es nicht, lassen Sie diese E-Mail liegen: Es kommt keine weitere.',
    confirmTitle: 'Adresse bestätigen',
    confirmText: 'Damit bestätigen Sie:',
    confirmed: 'Vielen Dank, Ihre Adresse ist bestätigt.',
    linkOver: 'Dieser Link gilt nicht mehr. Bitte füllen Sie das Formular noch einmal aus.',
  },
  fr: {
    send: 'Envoyer',
    choose: 'Veuillez choisir',
    privacy: 'Politique de confidentialité',
    thanks: 'Merci, votre message est bien arrivé.',
    checkMail: 'Veuillez confirmer votre adresse : un e-mail avec un lien vous a été envoyé.',
    missing: 'Veuillez remplir ce champ.',
    agree: 'Veuillez cocher cette case.',
    email: 'Veuillez saisir une adresse e-mail comme nom@exemple.fr.',
    phone: 'Veuillez saisir un numéro avec l’indicatif du pays, comme +33 1 23 45 67 89.',
    number: 'Veuillez saisir un nombre.',
    date: 'Veuillez saisir une date.',
    option: 'Veuillez choisir une des possibilités.',
    tooLong: 'Veuillez écrire moins ici.',
    wrong: 'Veuillez vérifier les champs marqués, puis renvoyer.',
    tooFast: 'C’était plus rapide qu’une personne ne peut l’être. Attendez un instant, puis renvoyez.',
    expired: 'Cette page est restée ouverte trop longtemps. Veuillez renvoyer.',
    trap: 'Un champ invisible a été rempli. Désactivez le remplissage automatique, puis renvoyez.',
    busy: 'Trop d’envois depuis votre connexion. Réessayez dans dix minutes.',
    work: 'Votre navigateur n’a pas terminé sa vérification. Activez JavaScript, puis renvoyez.',
    worn: 'Cette page a été envoyée trop souvent. Ouvrez-la de nouveau.',
    failed: 'L’envoi n’a pas abouti. Veuillez réessayer.',
    closed: 'Ce formulaire n’accepte plus de réponses.',
    letterSubject: 'Veuillez confirmer votre adresse e-mail',
    letterText: 'Vous avez indiqué cette adresse dans un formulaire. Veuillez confirmer que c’était vous.',
    letterAction: 'Confirmer mon adresse',
    letterAfter:
      'Le lien est valable sept jours. Si ce n’était pas vous, ignorez cet e-mail : vous n’en recevrez pas d’autre.',
    confirmTitle: 'Confirmer votre adresse',
    confirmText: 'Vous confirmez ainsi :',
    confirmed: 'Merci, votre adresse est confirmée.',
    linkOver: 'Ce lien n’est plus valable. Veuillez remplir le formulaire de nouveau.',
  },
  es: {
    send: 'Enviar',
    choose: 'Elija una opción',
    privacy: 'Aviso de privacidad',
    thanks: 'Gracias, su mensaje ha llegado.',
    checkMail: 'Confirme su dirección: le hemos enviado un correo con un enlace.',
    missing: 'Rellene este campo.',
    agree: 'Marque esta casilla para continuar.',
    email: 'Escriba una dirección como nombre@ejemplo.es.',
    phone: 'Escriba un teléfono con prefijo de país, como +34 912 345 678.',
    number: 'Escriba un número.',
    date: 'Escriba una fecha.',
    option: 'Elija una de las opciones.',
    tooLong: 'Escriba menos aquí.',
    wrong: 'Revise los campos marcados y envíe de nuevo.',
    tooFast: 'Se envió más rápido de lo que puede una persona. Espere un momento y envíe de nuevo.',
    expired: 'La página estuvo abierta demasiado tiempo. Envíe de nuevo.',
    trap: 'Se rellenó un campo invisible. Desactive el relleno automático y envíe de nuevo.',
    busy: 'Se envió demasiado desde su conexión. Inténtelo en diez minutos.',
    work: 'Su navegador no terminó la comprobación. Active JavaScript y envíe de nuevo.',
    worn: 'Esta página se envió demasiadas veces. Ábrala de nuevo.',
    failed: 'No se pudo enviar. Inténtelo de nuevo.',
    closed: 'Este formulario ya no admite respuestas.',
    letterSubject: 'Confirme su dirección de correo',
    letterText: 'Indicó esta dirección en un formulario. Confirme que fue usted.',
    letterAction: 'Confirmar mi dirección',
    letterAfter: 'El enlace funciona siete días. Si no fue usted, ignore este correo: no recibirá otro.',
    confirmTitle: 'Confirme su dirección',
    confirmText: 'Con esto confirma:',
    confirmed: 'Gracias, su dirección está confirmada.',
    linkOver: 'Este enlace ya no funciona. Rellene el formulario de nuevo.',
  },
  it: {
    send: 'Invia',
    choose: 'Scegliere',
    privacy: 'Informativa sulla privacy',
    thanks: 'Grazie, il messaggio è arrivato.',
    checkMail: 'Confermi il suo indirizzo: le abbiamo inviato un’e-mail con un link.',
    missing: 'Compili questo campo.',
    agree: 'Spunti questa casella per continuare.',
    email: 'Inserisca un indirizzo come nome@esempio.it.',
    phone: 'Inserisca un numero con il prefisso del paese, come +39 06 1234 5678.',
    number: 'Inserisca un numero.',
    date: 'Inserisca una data.',
    option: 'Scelga una delle opzioni.',
    tooLong: 'Scriva di meno qui.',
    wrong: 'Controlli i campi segnati e invii di nuovo.',
    tooFast:
      'È stato inviato più in fretta di quanto possa una persona. Attenda un momento e invii di nuovo.',
    expired: 'La pagina è rimasta aperta troppo a lungo. Invii di nuovo.',
    trap: 'È stato compilato un campo invisibile. Disattivi la compilazione automatica e invii di nuovo.',
    busy: 'Troppi invii dalla sua connessione. Riprovi tra dieci minuti.',
    work: 'Il browser non ha finito la verifica. Attivi JavaScript e invii di nuovo.',
    worn: 'Questa pagina è stata inviata troppe volte. La apra di nuovo.',
    failed: 'L’invio non è riuscito. Riprovi.',
    closed: 'Questo modulo non accetta più risposte.',
    letterSubject: 'Confermi il suo indirizzo e-mail',
    letterText: 'Ha indicato questo indirizzo in un modulo. Confermi che è stato lei.',
    letterAction: 'Conferma il mio indirizzo',
    letterAfter:
      'Il link funziona per sette giorni. Se non è stato lei, ignori questa e-mail: non ne arriveranno altre.',
    confirmTitle: 'Confermi il suo indirizzo',
    confirmText: 'Con questo conferma:',
    confirmed: 'Grazie, il suo indirizzo è confermato.',
    linkOver: 'Questo link non funziona più. Compili di nuovo il modulo.',
  },
  nl: {
    send: 'Versturen',
    choose: 'Maak een keuze',
    privacy: 'Privacyverklaring',
    thanks: 'Bedankt, uw bericht is aangekomen.',
    checkMail: 'Bevestig uw adres: er is een e-mail met een link naar u onderweg.',
    missing: 'Vul dit veld in.',
    agree: 'Vink dit aan om verder te gaan.',
    email: 'Vul een e-mailadres in zoals naam@voorbeeld.nl.',
    phone: 'Vul een telefoonnummer met landcode in, zoals +31 20 123 4567.',
    number: 'Vul een getal in.',
    date: 'Vul een datum in.',
    option: 'Kies een van de mogelijkheden.',
    tooLong: 'Schrijf hier minder.',
    wrong: 'Controleer de gemarkeerde velden en verstuur opnieuw.',
    tooFast: 'Dat ging sneller dan een mens kan. Wacht even en verstuur opnieuw.',
    expired: 'Deze pagina stond te lang open. Verstuur opnieuw.',
    trap: 'Een onzichtbaar veld werd ingevuld. Zet automatisch invullen uit en verstuur opnieuw.',
    busy: 'Er kwam te veel van uw verbinding. Probeer het over tien minuten opnieuw.',
    work: 'Uw browser maakte de controle niet af. Zet JavaScript aan en verstuur opnieuw.',
    worn: 'Deze pagina werd te vaak verstuurd. Open haar opnieuw.',
    failed: 'Dat is niet aangekomen. Probeer het opnieuw.',
    closed: 'Dit formulier neemt niets meer aan.',
    letterSubject: 'Bevestig uw e-mailadres',
    letterText: 'U gaf dit adres op in een formulier. Bevestig dat u het was.',
    letterAction: 'Mijn adres bevestigen',
    letterAfter:
      'De link werkt zeven dagen. Was u het niet, laat deze e-mail dan liggen: er komt er geen meer.',
    confirmTitle: 'Bevestig uw adres',
    confirmText: 'Hiermee bevestigt u:',
    confirmed: 'Bedankt, uw adres is bevestigd.',
    linkOver: 'Deze link werkt niet meer. Vul het formulier opnieuw in.',
  },
}
