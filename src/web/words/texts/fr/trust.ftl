# La confiance : ce qui est habilité, et sur quelles preuves.
trust-lead = Une réponse ne part d’elle-même que là où les verdicts de personnes prouvent qu’assez peu de telles réponses sont erronées. Jusque-là, et dès que trop d’entre elles se révèlent erronées, chaque réponse attend une personne sous forme de brouillon.
trust-sample = L’exemple est en cours de calibrage
trust-sample-lead = Le bot répond aux questions étiquetées fournies avec les connaissances d’exemple et compte combien de fois il a raison. Tant que ce n’est pas fini, rien ne part automatiquement.
trust-calibrating = Calibrage
trust-of-questions = { $part } sur { $of } questions
trust-mode = Mode { $mode }
trust-no-inbox = Les réglages n’indiquent encore aucune boîte de réception. Ajoutez-en une à sureply.toml et redémarrez.
trust-sets = Jeux déclarés
trust-stands-for = représente { $inbox }
trust-turns = { $count ->
    [one] { $count } demande étiquetée
   *[other] { $count } demandes étiquetées
}
trust-declared = déclaré le
trust-take-back = Retirer…
trust-take-back-hint = Ses verdicts ne compteront plus, si bien que des réponses pourraient cesser de partir d’elles-mêmes. Pour revenir en arrière, exécutez de nouveau « sureply calibrate ».
trust-take-it-back = Retirer
trust-evidence = D’où viennent les preuves
trust-verdicts = Verdicts.
trust-verdicts-lead = Approuver, modifier ou rejeter un brouillon, c’est dire s’il était correct.
trust-audits = Audits.
trust-audits-lead = Une part des réponses automatiques, tirée au sort, est soumise à une personne :
trust-declared-sets = Jeux déclarés.
trust-declared-lead = Un admin déclare que des questions étiquetées représentent les clients :
trust-settings = La part d’erreurs admise se règle dans [policy], pour chaque classe de risque ; ce qu’affiche « sureply trust » est identique à ce qui figure ici.
licence-empty = vide
licence-learning = en apprentissage
licence-licensed = habilitée
licence-suspended = suspendue
class-waits = Chaque réponse attend une personne.
class-empty = Il n’y a pas encore de verdict. Déclarez un jeu étiqueté avec « sureply calibrate DIR », ou bien approuvez, modifiez ou rejetez des brouillons :
class-missing = { $count ->
    [one] Il faut encore au moins { $count } verdict « correct »
   *[other] Il faut encore au moins { $count } verdicts « correct »
}
class-missing-why = avant que la première réponse puisse partir d’elle-même.
class-wrong = Parmi les { $n } plus sûres, { $k ->
    [one] { $k } était erronée
   *[other] { $k } étaient erronées
} ; corriger ce qui en est la cause aide plus vite que d’attendre :
class-answers-from = Répond automatiquement à partir d’un score de confiance de { $threshold }.
class-answers = Répond automatiquement.
class-of-these = Parmi ces réponses,
class-at-most = { $alpha } au plus sont erronées,
class-certainty = avec une certitude de { $certainty }.
class-stopped = Arrêtée : chaque réponse attend une personne.
class-stopped-why = des audits ont montré que plus de { $alpha } de ses réponses sont erronées. De nouveaux verdicts lui rendront l’habilitation ; corrigez les entrées en cause :
class-stopped-missing = { $count ->
    [one] Il faut encore au moins { $count } verdict « correct ».
   *[other] Il faut encore au moins { $count } verdicts « correct ».
}
class-automated = Réponses automatiques, 30 derniers jours
class-of-turns = { $part } sur { $of } demandes
class-no-turns = aucune demande pour l’instant
class-coverage = Part à laquelle il peut répondre, selon les preuves
class-of-such = de ces questions
class-nothing = rien pour l’instant
class-audits = Jugées erronées en audit
class-audits-of = { $wrong } sur { $n } ; en réalité entre { $from } et { $to }, avec une certitude de { $certainty }
class-drift = Signes de dérive
class-drift-stops = (arrêt à { $limit })
class-drift-hint = jusqu’à 1, rien ne s’oppose à l’habilitation
plot-title = la part de réponses erronées selon le score de confiance à partir duquel elles partent, avec sa limite supérieure et les { $alpha } tolérés. Les chiffres figurent dans le tableau ci-dessous.
plot-up = part de réponses erronées
plot-across = score de confiance à partir duquel les réponses partent
plot-found = jugées erronées
plot-bound = erronées au plus
plot-alpha = toléré
plot-licensed = part d’elle-même
figures = Tous les chiffres
figure-alpha = α, part tolérée de réponses erronées
figure-delta = δ, risque que la borne ne tienne pas
figure-n = n, verdicts au niveau du seuil ou au-dessus
figure-of = sur { $total }
figure-k = k, dont erronées
figure-threshold = λ̂, score de confiance à partir duquel les réponses partent
figure-none = (aucune ne part)
figure-upper = Limite supérieure de la part erronée (Clopper–Pearson)
figure-source = Preuves par source
figure-no-source = aucune
table-caption = Ce que disent les preuves pour chaque seuil
table-from = Score dès
table-verdicts = Verdicts
table-wrong = Erronées
table-found = Part erronée
table-most = Au plus
class-of-low = Risque faible
class-of-standard = Risque standard
class-of-high = Risque élevé
class-of-never = Jamais automatique
source-verdict = verdicts
source-audit = audits
source-declared = déclarés
source-alarm = alertes (hors estimation)
all-inboxes = toutes les boîtes de réception
held-draft = D’après les réglages, cette boîte de réception ne fait que des brouillons : rien ne part automatiquement, quelles que soient les preuves.
held-shadow = D’après les réglages, cette boîte de réception ne fait qu’enregistrer : rien ne part automatiquement, quelles que soient les preuves.
