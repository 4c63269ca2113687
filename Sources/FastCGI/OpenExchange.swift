/// An exchange that stays open while its worker takes other requests.
package final class OpenExchange {
  package let exchange: Exchange

  package init(_ exchange: consuming Exchange) {
    self.exchange = exchange
  }
}
