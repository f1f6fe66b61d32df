using Grpc.AspNetCore.Server;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Channels.Files;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Applications;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.CustomsExchange;
using SingleWindowBridge.Server.CustomsMessages;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Limits;
using SingleWindowBridge.Server.Negotiations;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Questionnaires;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Rectifications;
using SingleWindowBridge.Server.Reviews;
using SingleWindowBridge.Server.Sandbox;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tls;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace SingleWindowBridge.Server;

/// <summary>Puts the parts of the server together.</summary>
public static class Composition
{
    private const string AllowUnsafe = "Bridge:AllowUnsafeDatabase";

    /// <summary>Adds every part. Settings: ConnectionStrings, Bridge:Database, Bridge:AllowUnsafeDatabase, Bridge:CatalogueFolder, Wire, Limits, Files, Sandbox, Delivery.</summary>
    public static void AddBridge(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var limits = configuration.GetSection("Wire").Get<WireLimits>() ?? new WireLimits();
        builder.WebHost.ConfigureKestrel(limits.Apply);
        builder.AddTls();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.StopWithin);
        services.AddSingleton(limits);
        services.AddSingleton<Drain>();
        services.AddSingleton(configuration.GetSection("Limits").Get<LimitSettings>() ?? new LimitSettings());
        services.AddSingleton<Refusals>();
        services.AddSingleton<ServerTurns>();
        services.AddSingleton<AccountLimits>();
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<CallGate>();
        services.AddSingleton<RefusedCallers>();
        services.AddSingleton(AuditOptions.Of(configuration));
        services.AddHostedService<HeadExport>();
        services.AddSingleton(configuration.GetSection("Files").Get<FileLimits>() ?? new FileLimits());

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(TaskScheduler.Default);
        services.AddSingleton(Random.Shared);
        services.AddSingleton(provider => OpenDatabase(configuration, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(_ => new QuestionnaireTemplates(configuration["Bridge:CatalogueFolder"]));
        services.AddSingleton(provider =>
            new FoodCatalogue(provider.GetRequiredService<QuestionnaireTemplates>(), configuration["Bridge:CatalogueFolder"]));
        services.AddSingleton<OpenedTemplates>();
        services.AddHostedService<CatalogueReload>();
        AddAccounts(services, configuration);
        services.AddSingleton<FollowedFeeds>();
        services.AddHostedService(provider => provider.GetRequiredService<FollowedFeeds>());
        services.AddSingleton<FeedSignals>();
        services.AddSingleton<Combiner>();
        services.AddSingleton<CaseNumbers>();
        services.AddSingleton<CaseWriter>();
        services.AddSingleton(provider => SigningKeys.Open(
            configuration, provider.GetRequiredService<ExchangeOptions>().IsSandbox, provider.GetRequiredService<ILogger<Signer>>()));

        var exchange = AddExchange(services, configuration);
        AddGrpc(services, exchange);
    }

    /// <summary>Maps every service.</summary>
    public static void MapBridge(this WebApplication app)
    {
        var refused = app.Services.GetRequiredService<RefusedCallers>();
        app.Use(next => async context =>
        {
            await next(context);
            refused.See(context);
        });
        app.Use(app.Services.GetRequiredService<CallGate>().PassAsync);
        app.UseWireGate();
        app.MapGrpcService<ApplicationEndpoints>();
        app.MapGrpcService<QuestionnaireEndpoints>().Add(WireLimits.KeepToOrdinaryMessages);
        app.MapGrpcService<RectificationEndpoints>();
        app.MapGrpcService<NegotiationEndpoints>();
        app.MapGrpcService<ReviewEndpoints>();
        app.MapGrpcService<CaseEndpoints>();
        app.MapGrpcService<ReceiptEndpoints>();
        app.MapGrpcService<FileEndpoints>().Add(WireLimits.KeepToOrdinaryMessages);
        app.MapGrpcService<CatalogueEndpoints>();
        var exchange = app.Services.GetRequiredService<ExchangeOptions>();
        if (exchange.IsSandbox)
            app.MapGrpcService<SandboxEndpoints>().Add(WireLimits.KeepToOrdinaryMessages);
        if (exchange.IsGrpc)
            app.MapGrpcService<CustomsExchangeEndpoints>().Add(WireLimits.KeepToOrdinaryMessages);
        app.MapGrpcService<CustomsMessageEndpoints>();
        app.MapGrpcService<AccountEndpoints>();
        app.MapGrpcService<HealthEndpoints>();
        app.MapGrpcService<ReflectionEndpoints>();
        app.MapGrpcService<AlphaReflectionEndpoints>();
    }

    /// <summary>Brings the database up to date and does no more, for servers that are not to know the owner of its tables.</summary>
    /// <exception cref="InvalidOperationException">A connection string is missing.</exception>
    public static async Task MigrateBridgeAsync(this WebApplicationBuilder builder)
    {
        var server = builder.Configuration.GetConnectionString("Bridge");
        var owner = builder.Configuration.GetConnectionString("BridgeOwner");
        if (server is not { Length: > 0 } || owner is not { Length: > 0 })
        {
            throw new InvalidOperationException(
                "To migrate, give ConnectionStrings:BridgeOwner, the owner of the tables, and ConnectionStrings:Bridge, whose role is let in.");
        }

        PostgresSetup.CheckWay("ConnectionStrings:BridgeOwner", owner, builder.Configuration.GetValue<bool>(AllowUnsafe), Console.Error.WriteLine);
        var applied = await PostgresSetup.MigrateAsync(owner, PostgresDatabase.RoleOf(server), CancellationToken.None);
        Console.WriteLine(applied == 0 ? "The database is up to date." : $"Migrations applied: {applied}.");
    }

    /// <summary>Brings the database up to date, before the first call.</summary>
    public static async Task PrepareBridgeAsync(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<FoodCatalogue>();
        services.GetRequiredService<FollowedFeeds>();
        var key = services.GetRequiredService<Signer>();
        var database = services.GetRequiredService<IBridgeDatabase>();
        await database.PrepareAsync(CancellationToken.None);
        await database.PublishAsync(key, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await services.GetRequiredService<SandboxAccounts>().CreateAsync(CancellationToken.None);
        await services.GetRequiredService<AccountActions>().CheckFarEndAsync(services.GetRequiredService<ServiceKeys>(), CancellationToken.None);
    }

    /// <summary>The database that the settings name.</summary>
    /// <exception cref="InvalidOperationException">The way to it is not safe.</exception>
    internal static IBridgeDatabase OpenDatabase(IConfiguration configuration, ILoggerFactory loggers)
    {
        var allowUnsafe = configuration.GetValue<bool>(AllowUnsafe);
        if (Given("Bridge") is not { } postgres)
            return new SqliteDatabase(configuration["Bridge:Database"] ?? "data/bridge.db");

        var logger = loggers.CreateLogger(typeof(PostgresSetup));
        foreach (var name in new[] { "Bridge", "BridgeOwner", "BridgeListen" })
        {
            if (Given(name) is { } way)
                PostgresSetup.CheckWay($"ConnectionStrings:{name}", way, allowUnsafe, fault => logger.LogWarning("{Fault}", fault));
        }

        return new PostgresDatabase(postgres, Given("BridgeOwner"), allowUnsafe, loggers, Given("BridgeListen"));

        string? Given(string name) => configuration.GetConnectionString(name) is { Length: > 0 } given ? given : null;
    }

    private static void AddAccounts(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton<CredentialUses>();
        services.AddHostedService(provider => provider.GetRequiredService<CredentialUses>());
        services.AddSingleton<AccountCache>();
        services.AddSingleton(new ClientTrust(configuration["Tls:ClientAuthorities"]));
        services.AddSingleton<Credentials>();
        services.AddSingleton<OpenStreams>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenStreams>());
        services.AddSingleton<AccountActions>();
    }

    private static ExchangeOptions AddExchange(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton(new ServiceKeys(configuration));
        var exchange = ExchangeOptions.Of(configuration);
        services.AddSingleton(exchange);
        services.AddSingleton(configuration.GetSection("Delivery").Get<DeliveryOptions>() ?? new DeliveryOptions());
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<CustomsActs>();
        services.AddSingleton<ReviewStart>();
        services.AddSingleton<Inbox>();
        services.AddSingleton<Handover>();
        services.AddHostedService<WaitingMessages>();
        services.AddSingleton(configuration.GetSection("Inbox").Get<InboxOptions>() ?? new InboxOptions());
        services.AddSingleton<InboxSignal>();
        services.AddSingleton<ExchangeMetrics>();

        services.AddSingleton<SandboxAccounts>();
        services.AddSingleton<IStartupFilter, PublishedSandboxKey>();
        AddChannel(services, configuration, exchange);
        return exchange;
    }

    private static void AddChannel(IServiceCollection services, ConfigurationManager configuration, ExchangeOptions exchange)
    {
        services.AddSingleton<IAttachmentSource, StoredAttachments>();
        if (exchange.IsGrpc)
        {
            // The far end calls: nothing here goes to it by itself.
            services.AddSingleton<FarEnd>();
            services.AddSingleton<ICustomsLink>(provider => provider.GetRequiredService<FarEnd>());
            services.AddSingleton<CustomsExchangeEndpoints>();
            services.AddHostedService<ForgottenSubmissions>();
            return;
        }

        if (exchange.IsSandbox)
        {
            services.AddSingleton(configuration.GetSection("Sandbox").Get<SandboxOptions>() ?? new SandboxOptions());
            services.AddSingleton<ISandboxStore, SandboxStore>();
            services.AddSingleton<SandboxChannel>();
            services.AddSingleton<SandboxEndpoints>();
            services.AddSingleton<ICustomsChannel>(provider => provider.GetRequiredService<SandboxChannel>());
        }
        else
        {
            services.AddSingleton<ICustomsChannel>(provider => new DirectoryChannel(
                exchange.Directory, provider.GetRequiredService<IAttachmentSource>(), provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton<ICustomsLink>(provider => provider.GetRequiredService<ICustomsChannel>());
        services.AddHostedService<Delivery>();
        services.AddHostedService<Reception>();
    }

    private static void AddGrpc(IServiceCollection services, ExchangeOptions exchange)
    {
        services.AddSingleton(new ServedServices(
        [
            .. Enumerable.Repeat(SandboxService.Descriptor, exchange.IsSandbox ? 1 : 0),
            .. Enumerable.Repeat(CustomsExchangeService.Descriptor, exchange.IsGrpc ? 1 : 0),
            ApplicationService.Descriptor, QuestionnaireService.Descriptor, RectificationService.Descriptor,
            NegotiationService.Descriptor, ReviewService.Descriptor, CaseService.Descriptor, ReceiptService.Descriptor,
            FileService.Descriptor, CatalogueService.Descriptor, CustomsMessageService.Descriptor, AccountService.Descriptor, Health.Descriptor,
            ServerReflection.Descriptor, V1Alpha.ServerReflection.Descriptor,
        ]));
        services.AddSingleton<ServiceHealth>();
        services.AddHostedService(provider => provider.GetRequiredService<ServiceHealth>());
        services.AddSingleton<ServiceReflection>();
        // One instance of each serves all calls; what is not registered is made anew for every call.
        services.AddSingleton<CallInterceptor>();
        services.AddSingleton<ApplicationEndpoints>();
        services.AddSingleton<QuestionnaireEndpoints>();
        services.AddSingleton<RectificationEndpoints>();
        services.AddSingleton<NegotiationEndpoints>();
        services.AddSingleton<ReviewEndpoints>();
        services.AddSingleton<CaseEndpoints>();
        services.AddSingleton<ReceiptEndpoints>();
        services.AddSingleton<FileEndpoints>();
        services.AddSingleton<CatalogueEndpoints>();
        services.AddSingleton<CustomsMessageEndpoints>();
        services.AddSingleton<AccountEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<ReflectionEndpoints>();
        services.AddSingleton<AlphaReflectionEndpoints>();
        services.AddGrpc(grpc => grpc.Interceptors.Add<CallInterceptor>())
            .AddServiceOptions<QuestionnaireEndpoints>(grpc => grpc.MaxReceiveMessageSize = WireLimits.AnswersMessage)
            .AddServiceOptions<FileEndpoints>(grpc => grpc.MaxReceiveMessageSize = WireLimits.UploadMessage)
            .AddServiceOptions<CustomsExchangeEndpoints>(grpc => grpc.MaxReceiveMessageSize = WireLimits.UploadMessage)
            .AddServiceOptions<SandboxEndpoints>(grpc => grpc.MaxReceiveMessageSize = WireLimits.ActMessage);

        // After the stack's own setup, which puts gzip back where it finds no encoding.
        services.PostConfigure<GrpcServiceOptions>(WireLimits.Apply);
    }
}
