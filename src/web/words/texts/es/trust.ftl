# Fiabilidad: qué está autorizado y con qué evidencia.
trust-lead = Una respuesta sale por sí sola únicamente donde los veredictos de las personas demuestran que, de esas respuestas, son suficientemente pocas las incorrectas. Hasta entonces, y siempre que demasiadas resulten incorrectas, cada respuesta espera como borrador a una persona.
trust-sample = Se está calibrando la muestra
trust-sample-lead = El bot responde a las preguntas etiquetadas que venían con el conocimiento de muestra y cuenta cuántas veces acierta. Hasta que termine, nada sale por sí solo.
trust-calibrating = Calibración
trust-of-questions = { $part } de { $of } preguntas
trust-mode = Modo { $mode }
trust-no-inbox = La configuración aún no indica ninguna bandeja de entrada. Añada una a sureply.toml y reinicie.
trust-sets = Conjuntos declarados
trust-stands-for = representa a { $inbox }
trust-turns = { $count ->
    [one] { $count } turno etiquetado
   *[other] { $count } turnos etiquetados
}
trust-declared = declarado el
trust-take-back = Retirar…
trust-take-back-hint = Sus veredictos dejan de contar, de modo que las respuestas pueden dejar de salir por sí solas. Para deshacerlo, ejecute de nuevo “sureply calibrate”.
trust-take-it-back = Retirarlo
trust-evidence = De dónde viene la evidencia
trust-verdicts = Veredictos.
trust-verdicts-lead = Aprobar, editar o rechazar un borrador dice si era correcto.
trust-audits = Auditorías.
trust-audits-lead = Una parte de las respuestas automáticas, elegida por sorteo, se presenta a una persona:
trust-declared-sets = Conjuntos declarados.
trust-declared-lead = Un administrador declara que unas preguntas etiquetadas representan a los clientes:
trust-settings = Cuánto puede ser incorrecto se fija en [policy], para cada clase de riesgo; lo que imprime “sureply trust” es lo mismo que figura aquí.
licence-empty = sin datos
licence-learning = en aprendizaje
licence-licensed = con autorización
licence-suspended = en suspenso
class-waits = Cada respuesta espera a una persona.
class-empty = Aún no hay ningún veredicto. Declare un conjunto etiquetado con “sureply calibrate DIR”, o apruebe, edite o rechace borradores:
class-missing = { $count ->
    [one] Falta al menos { $count } veredicto favorable más
   *[other] Faltan al menos { $count } veredictos favorables más
}
class-missing-why = para que la primera respuesta pueda salir por sí sola.
class-wrong = De las { $n } más seguras, { $k ->
    [one] { $k } era incorrecta
   *[other] { $k } eran incorrectas
}; corregir lo que llevó a ello ayuda más rápido que esperar:
class-answers-from = Responde por sí solo a partir de una confianza del { $threshold }.
class-answers = Responde por sí solo.
class-of-these = De estas respuestas,
class-at-most = como máximo el { $alpha } son incorrectas,
class-certainty = con una certeza del { $certainty }.
class-stopped = Detenido: cada respuesta espera a una persona.
class-stopped-why = las auditorías mostraron que más del { $alpha } de sus respuestas son incorrectas. Nuevos veredictos permiten recuperar la autorización; corrija las entradas que las causaron:
class-stopped-missing = { $count ->
    [one] Falta al menos { $count } veredicto favorable más.
   *[other] Faltan al menos { $count } veredictos favorables más.
}
class-automated = Respondido por sí solo, últimos 30 días
class-of-turns = { $part } de { $of } turnos
class-no-turns = aún no hay turnos
class-coverage = Según la evidencia, puede responder a
class-of-such = de estas preguntas
class-nothing = nada aún
class-audits = Incorrectas según las auditorías
class-audits-of = { $wrong } de { $n }; en realidad entre { $from } y { $to }, con una certeza del { $certainty }
class-drift = Indicios de deriva
class-drift-stops = (se detiene en { $limit })
class-drift-hint = hasta 1, nada contradice la autorización
plot-title = la proporción de respuestas incorrectas según la confianza a partir de la cual salen, con su límite superior y el { $alpha } tolerado. Las cifras figuran en la tabla de abajo.
plot-up = proporción de respuestas incorrectas
plot-across = confianza a partir de la cual salen las respuestas
plot-found = incorrectas halladas
plot-bound = incorrectas como máximo
plot-alpha = tolerado
plot-licensed = sale por sí solo
figures = Todas las cifras
figure-alpha = α, proporción tolerada de respuestas incorrectas
figure-delta = δ, riesgo de que el límite no se cumpla
figure-n = n, veredictos en el umbral o por encima
figure-of = de { $total }
figure-k = k, incorrectas entre ellas
figure-threshold = λ̂, confianza a partir de la cual salen las respuestas
figure-none = (no sale ninguna)
figure-upper = Límite superior de la proporción incorrecta (Clopper–Pearson)
figure-source = Evidencia por origen
figure-no-source = ninguna
table-caption = Lo que dice la evidencia de cada umbral
table-from = Confianza desde
table-verdicts = Veredictos
table-wrong = Incorrectas
table-found = Proporción hallada
table-most = Como máximo
class-of-low = Riesgo bajo
class-of-standard = Riesgo estándar
class-of-high = Riesgo alto
class-of-never = Nunca automático
source-verdict = veredictos
source-audit = auditorías
source-declared = declarados
source-alarm = alarmas (no cuentan en la estimación)
all-inboxes = todas las bandejas de entrada
held-draft = La configuración deja esta bandeja de entrada solo en borrador: nada sale por sí solo, sea cual sea la evidencia.
held-shadow = La configuración deja esta bandeja de entrada solo en registro: nada sale por sí solo, sea cual sea la evidencia.
