using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>The catalogue over the wire.</summary>
internal sealed class CatalogueCalls(CallPipeline pipeline) : ICatalogue
{
    private readonly Wire.CatalogueService.CatalogueServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.CatalogueService.Descriptor.FullName);

    public async Task<Authority> GetAuthorityAsync(CancellationToken cancellationToken = default)
    {
        var response = await _calls.ReadAsync(
            "GetAuthority", _stub.GetAuthorityAsync, new Wire.GetAuthorityRequest(), cancellationToken).ConfigureAwait(false);
        return (response.Authority ?? new Wire.Authority()).ToModel();
    }

    public async Task<IReadOnlyList<Category>> ListCategoriesAsync(CancellationToken cancellationToken = default)
    {
        var response = await _calls.ReadAsync(
            "ListCategories", _stub.ListCategoriesAsync, new Wire.ListCategoriesRequest(), cancellationToken).ConfigureAwait(false);
        return response.Categories.MapAll(CatalogueMapper.ToModel);
    }

    public async Task<IReadOnlyList<Country>> ListCountriesAsync(CancellationToken cancellationToken = default)
    {
        var response = await _calls.ReadAsync(
            "ListCountries", _stub.ListCountriesAsync, new Wire.ListCountriesRequest(), cancellationToken).ConfigureAwait(false);
        return response.Countries.MapAll(CatalogueMapper.ToModel);
    }

    public async Task<IReadOnlyList<EnumValue>> ListEnumValuesAsync(
        string? enumName = null, CancellationToken cancellationToken = default)
    {
        var request = new Wire.ListEnumValuesRequest { EnumName = enumName ?? "" };
        var response = await _calls.ReadAsync("ListEnumValues", _stub.ListEnumValuesAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.Values.MapAll(CatalogueMapper.ToModel);
    }

    public async Task<IReadOnlyList<TemplateSummary>> ListTemplatesAsync(
        string? templateId = null, CancellationToken cancellationToken = default)
    {
        var request = new Wire.ListTemplatesRequest { TemplateId = templateId ?? "" };
        var response = await _calls.ReadAsync("ListTemplates", _stub.ListTemplatesAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.Templates.MapAll(CatalogueMapper.ToModel);
    }

    public async Task<QuestionnaireTemplate> GetTemplateAsync(
        string templateId, int version = 0, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(templateId);
        var request = new Wire.GetTemplateRequest { TemplateId = templateId, Version = version };
        var response = await _calls.ReadAsync("GetTemplate", _stub.GetTemplateAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return (response.Template ?? new Wire.QuestionnaireTemplate()).ToModel();
    }
}
