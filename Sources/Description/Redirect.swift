import API
import HTTPTypes
import JSON
import Links
import Web

/// `/{short_code}`, which no operation serves: the program shortener knows nothing of them.
enum Redirect {
  static var descriptions: [OperationDescription] { [get, head, pixel] }

  private static var get: OperationDescription {
    OperationDescription(
      "redirect", .get("/{short_code}"), .links, "Follow a short URL, and be counted",
      details: """
        A prefetch (Sec-Purpose, Purpose, X-Moz or X-Purpose) is redirected with Cache-Control: \
        no-store and by default not counted. A visit with Sec-GPC: 1 is counted without address, referrer \
        and user agent, unless the server's settings say otherwise. They may also ignore visits with DNT: 1, \
        with a parameter, or from some addresses. Where Accept names text/html, an error is a page for people, \
        with the same status.
        """,
      fields: [code],
      answers: [
        found(
          "Private and short, so that browsers come back and are counted; no-store for a prefetch."
        ), elsewhere,
        AnswerForm(
          .gone, "The link is disabled or deleted; never counted.",
          fields: [
            .cacheControl(
              "Always no-store: a link may be enabled again.", example: "no-store")
          ]),
      ], problems: problems)
  }

  private static var head: OperationDescription {
    OperationDescription(
      "probe", Route(.head, "/{short_code}"), .links,
      "Look where a short URL leads, without being counted", fields: [code],
      answers: [
        found("Private and short, so that browsers come back and are counted."), elsewhere,
      ],
      problems: problems)
  }

  private static var pixel: OperationDescription {
    OperationDescription(
      "track", .get("/{short_code}/track"), .links, "Count a visit without a redirect",
      details: """
        For mails and pages that show the link. A name without a link gets the image, too, and nothing is \
        counted.
        """,
      fields: [code],
      answers: [
        AnswerForm(
          .ok, "An image of one transparent pixel.",
          fields: [.cacheControl("Always no-store: each visit is counted.", example: "no-store")],
          content: AnswerForm.Content("image/gif", Schema(["type": "string"])))
      ],
      problems: [unavailable])
  }

  private static var elsewhere: AnswerForm {
    AnswerForm(
      .found, "Where the domain sends visitors without a link, in place of 404 and 410.",
      fields: [
        .location("The URL that the domain has for them."),
        .cacheControl("Always no-store.", example: "no-store"),
      ])
  }

  private static var code: InputReader.Field {
    InputReader.Field(
      "short_code", .path, FieldType.slug.schema, isRequired: true,
      """
      The code of a short URL; upper and lower case are different. Text that follows a code in a \
      message is no part of it (CODE/, CODE., CODE&x=y).
      """, example: FieldType.slug.example)
  }

  private static func found(_ caching: String) -> AnswerForm {
    AnswerForm(
      .movedPermanently, "Where the link leads.",
      fields: [
        .location("The destination, exactly as it was given."),
        .cacheControl(caching, example: "private, max-age=90"),
        HeaderField(
          "X-Robots-Tag", "Unless the link is `crawlable`: robots are not to list it.",
          example: "noindex"),
      ])
  }

  private static let problems: [ProblemType] = [
    .shortURLNotFound.when(
      "No link has this code.", detail: ProblemType.shortURLNotFound.detail),
    .gone, unavailable,
  ]

  private static let unavailable = ProblemType.serviceUnavailable.when(
    "Neither the cache nor PostgreSQL can tell for now.",
    detail: "Where the link leads can't be told for now.")
}
