using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Answers questions about what the server serves, out of the descriptors of the generated code.</summary>
public sealed class ServiceReflection
{
    private readonly ServedServices services;
    private readonly Dictionary<string, FileDescriptor> files = [];
    private readonly Dictionary<string, FileDescriptor> symbols = [];

    // What errors carry: no service names these files, but tools ask for them to show an error whole.
    private static readonly FileDescriptor[] ErrorFiles =
        [Google.Rpc.ErrorDetailsReflection.Descriptor, ErrorDetailsReflection.Descriptor, ErrorReasonReflection.Descriptor];

    /// <summary>Learns all that the services and their errors use.</summary>
    public ServiceReflection(ServedServices services)
    {
        this.services = services;
        foreach (var service in services.Descriptors)
            Learn(service.File);
        foreach (var file in ErrorFiles)
            Learn(file);
    }

    /// <summary>Answers one question.</summary>
    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse
                {
                    Service = { services.Descriptors.Select(service => new ServiceResponse { Name = service.FullName }) },
                };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Give(response, files.GetValueOrDefault(request.FileByFilename), request.FileByFilename);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Give(response, symbols.GetValueOrDefault(request.FileContainingSymbol), request.FileContainingSymbol);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                Give(response, null, request.FileContainingExtension.ContainingType);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                // Proto3 messages have no extensions; a known type has none, an unknown one is an error.
                if (symbols.ContainsKey(request.AllExtensionNumbersOfType))
                    response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                else
                    Give(response, null, request.AllExtensionNumbersOfType);
                break;
            default:
                response.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.InvalidArgument, ErrorMessage = "No question was asked." };
                break;
        }

        return response;
    }

    private static void Give(ServerReflectionResponse response, FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            response.ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = $"There is no {asked} here." };
            return;
        }

        response.FileDescriptorResponse = new FileDescriptorResponse();
        response.FileDescriptorResponse.FileDescriptorProto.Add(WithDependencies(file).Select(part => part.SerializedData));
    }

    private static IEnumerable<FileDescriptor> WithDependencies(FileDescriptor file) =>
        new[] { file }.Concat(file.Dependencies.SelectMany(WithDependencies)).DistinctBy(part => part.Name);

    private void Learn(FileDescriptor file)
    {
        if (!files.TryAdd(file.Name, file))
            return;

        foreach (var dependency in file.Dependencies)
            Learn(dependency);
        foreach (var service in file.Services)
        {
            symbols[service.FullName] = file;
            foreach (var method in service.Methods)
                symbols[method.FullName] = file;
        }

        foreach (var type in file.EnumTypes)
            Learn(file, type);
        foreach (var message in file.MessageTypes)
            Learn(file, message);
    }

    private void Learn(FileDescriptor file, MessageDescriptor message)
    {
        symbols[message.FullName] = file;
        foreach (var field in message.Fields.InDeclarationOrder())
            symbols[field.FullName] = file;
        foreach (var choice in message.Oneofs)
            symbols[choice.FullName] = file;
        foreach (var type in message.EnumTypes)
            Learn(file, type);
        foreach (var nested in message.NestedTypes)
            Learn(file, nested);
    }

    private void Learn(FileDescriptor file, EnumDescriptor type)
    {
        symbols[type.FullName] = file;

        // A value's name stands beside its type's, not below it, whatever the descriptor of this language says.
        var scope = type.FullName[..(type.FullName.LastIndexOf('.') + 1)];
        foreach (var value in type.Values)
            symbols[scope + value.Name] = file;
    }
}
