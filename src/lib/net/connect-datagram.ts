import type { Socket } from 'node:dgram'

/**
 * Connects a datagram socket, which asks the kernel for a way and sends nothing. Where there is none, Node hands the error
 * to the callback and emits no event; its types do not say so. What is done with the socket then must not throw.
 */
export const connectDatagram = (
  socket: Socket,
  port: number,
  address: string,
  done: (error: NodeJS.ErrnoException | undefined) => void,
): void => {
  socket.connect(port, address, done as () => void)
}
