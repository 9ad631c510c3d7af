import { type DescFile, type DescMessage, type DescService, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { Code, type ServiceImpl } from '@connectrpc/connect'
import type {
  ServerReflection,
  ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from '../../proto/gen/grpc/reflection_pb.js'

type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']>

/** Tells tools like grpcurl what can be called; nothing that the .proto files in the repository do not say. */
export function reflectionHandlers(services: readonly DescService[]): ServiceImpl<typeof ServerReflection> {
  const files = withDependencies(services.map(({ file }) => file))
  const bySymbol = new Map(files.flatMap((file) => symbolsOf(file).map((name) => [name, file] as const)))
  const byName = new Map(files.map((file) => [file.proto.name, file]))

  function answerTo({ messageRequest: { case: kind, value } }: ServerReflectionRequest): Answer {
    switch (kind) {
      case 'listServices':
        return {
          case: 'listServicesResponse',
          value: { service: services.map(({ typeName: name }) => ({ name })) },
        }
      case 'fileByFilename':
        return fileAnswer(byName.get(value))
      case 'fileContainingSymbol':
        // A method is found by its service.
        return fileAnswer(bySymbol.get(value) ?? bySymbol.get(value.slice(0, Math.max(0, value.lastIndexOf('.')))))
      case 'fileContainingExtension':
      case 'allExtensionNumbersOfType':
        return failed(Code.NotFound, 'there are no extensions')
      case undefined:
        return failed(Code.InvalidArgument, 'an empty request')
    }
  }
  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, messageResponse: answerTo(request) }
      }
    },
  }
}

function fileAnswer(file: DescFile | undefined): Answer {
  if (file === undefined) return failed(Code.NotFound, 'there is no such file or symbol')
  const fileDescriptorProto = withDependencies([file]).map((each) => toBinary(FileDescriptorProtoSchema, each.proto))
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } }
}

function failed(errorCode: Code, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } }
}

function withDependencies(files: readonly DescFile[]): readonly DescFile[] {
  const all = new Set<DescFile>()
  const add = (file: DescFile) => {
    if (all.has(file)) return
    all.add(file)
    file.dependencies.forEach(add)
  }
  files.forEach(add)
  return [...all]
}

function symbolsOf({ services, messages, enums }: DescFile): readonly string[] {
  const within = (message: DescMessage): readonly string[] => [
    message.typeName,
    ...message.nestedMessages.flatMap(within),
    ...message.nestedEnums.map(({ typeName }) => typeName),
  ]
  return [...services.map(({ typeName }) => typeName), ...messages.flatMap(within), ...enums.map((e) => e.typeName)]
}
